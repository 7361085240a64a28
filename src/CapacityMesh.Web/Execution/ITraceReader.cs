using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Execution;

/// <summary>Everything that happened to one entity, decoded from its history.</summary>
public interface ITraceReader
{
    /// <summary>The facts, oldest first, each with the instant of its turn; empty when the entity never had one.</summary>
    Task<IReadOnlyList<(DateTimeOffset At, IEvent Fact)>> ReadAsync(EntityId entity, CancellationToken cancel);
}
