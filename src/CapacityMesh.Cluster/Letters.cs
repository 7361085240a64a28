using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster;

// What grains send each other. Commands and answers travel as the bytes that the journal stores, so that one codec decides what they look like
// and silos of two releases understand each other as well as a release understands its own past.

/// <summary>A question from the edge.</summary>
/// <param name="Payload">Command and ask, as EffectCodec writes them.</param>
/// <param name="BodyHash">Hash of the request's body.</param>
/// <param name="Beside">What is written with the turn, as <see cref="RowsBeside"/> writes it; null when nothing is.</param>
[GenerateSerializer, Immutable, Alias("mesh.ask")]
public sealed record AskLetter(
    [property: Id(0)] byte[] Payload, [property: Id(1)] string BodyHash, [property: Id(2)] byte[]? Beside);

/// <summary>An effect on its way.</summary>
/// <param name="Source">Stored id of the entity whose turn made it.</param>
/// <param name="Version">That turn.</param>
/// <param name="Ordinal">Its place among that turn's effects.</param>
/// <param name="Payload">Command and ask, as EffectCodec writes them.</param>
[GenerateSerializer, Immutable, Alias("mesh.effect")]
public sealed record EffectLetter(
    [property: Id(0)] string Source, [property: Id(1)] long Version, [property: Id(2)] int Ordinal, [property: Id(3)] byte[] Payload)
{
    /// <summary>The letter for an effect that was stored.</summary>
    public static EffectLetter Of(StoredEffect effect) =>
        new(effect.Id.Source.ToString(), effect.Id.Version, effect.Id.Ordinal, effect.Payload.ToArray());

    /// <summary>The effect's id.</summary>
    public EffectId ToEffectId() => new(EntityId.Parse(Source), Version, Ordinal);
}

/// <summary>A timer that is due.</summary>
/// <param name="Name">Which timer of the entity.</param>
/// <param name="Due">When it was due: the stored timer is consumed only if it still says the same.</param>
[GenerateSerializer, Immutable, Alias("mesh.timer")]
public sealed record TimerLetter([property: Id(0)] string Name, [property: Id(1)] DateTimeOffset Due);

/// <summary>What became of a question.</summary>
public enum TurnOutcome
{
    /// <summary>Durable; the answer is enclosed.</summary>
    Answered,
    /// <summary>Durable; another entity answers, and the answer is stored under the idempotency key.</summary>
    Forwarded,
    /// <summary>Somebody else wrote first; nothing was written, and asking again is safe.</summary>
    Conflict,
}

/// <summary>The reply to a question.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Answer">The answer, as EffectCodec writes it; null unless answered.</param>
[GenerateSerializer, Immutable, Alias("mesh.reply")]
public sealed record TurnReply([property: Id(0)] TurnOutcome Outcome, [property: Id(1)] byte[]? Answer);
