namespace CapacityMesh.Web.Feeds;

/// <summary>How far a workspace's events were told.</summary>
internal sealed record FeedPosition(DateTimeOffset At, long FlowVersion);
