using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Kernel;

/// <summary>What the world tells a machine about one turn. Nothing else of the world is visible to it.</summary>
/// <param name="Self">The entity whose turn it is.</param>
/// <param name="Now">The instant, UTC. Never goes backwards within one host.</param>
/// <param name="World">Facts that never change once published.</param>
/// <param name="Ask">Who waits for the answer, if anyone. A turn that neither answers nor forwards is answered by its outcome.</param>
public readonly record struct Turn(EntityId Self, DateTimeOffset Now, IWorld World, Ask? Ask = null);

/// <summary>
/// Immutable facts that a decision may look up: published process versions and time-zone rules.
/// Only <c>Decide</c> reads it; <c>Evolve</c> never does.
/// </summary>
public interface IWorld
{
    /// <summary>A published version of a workspace's process.</summary>
    /// <exception cref="KeyNotFoundException">No such version was ever published.</exception>
    Process Process(string workspace, int version);

    /// <summary>The instant at which a wall clock in a time zone shows a local time; gaps move forward, overlaps take the first.</summary>
    /// <exception cref="KeyNotFoundException">The zone is unknown.</exception>
    DateTimeOffset ToInstant(string timeZone, DateTime local);

    /// <summary>What a wall clock in a time zone shows at an instant.</summary>
    DateTime ToLocal(string timeZone, DateTimeOffset instant);

    /// <summary>Whether the zone is known.</summary>
    bool KnowsZone(string timeZone);
}

/// <summary>Somebody outside waits for the answer to this turn, or to the turn that it is forwarded to.</summary>
/// <param name="Id">Where the answer goes: unique per waiting request.</param>
/// <param name="IdempotencyKey">When set, the answer is stored with the turn and repeats are answered from there.</param>
public sealed record Ask(string Id, string? IdempotencyKey = null);
