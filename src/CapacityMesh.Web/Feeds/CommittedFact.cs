using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Feeds;

/// <summary>One event of a committed turn, with its place: what webhooks and outcome uploads are made of.</summary>
internal sealed record CommittedFact(EntityId Entity, long Version, int Ordinal, DateTimeOffset At, IEvent Fact, object? State);
