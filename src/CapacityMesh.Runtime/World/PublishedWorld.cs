using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Runtime.World;

/// <summary>
/// Facts that never change: process versions, published by Flow's turns and found again in Flow's state; and the machine's time-zone rules.
/// </summary>
/// <param name="loadFlow">Reads a workspace's Flow when a version is asked for that this host has not seen; null when there is none.</param>
public sealed class PublishedWorld(Func<string, FlowState?> loadFlow) : IWorld
{
    private readonly ConcurrentDictionary<(string Workspace, int Version), Process> processes = new();

    /// <summary>Makes a version known.</summary>
    public void Publish(string workspace, Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        processes.TryAdd((workspace, process.Version), process);
    }

    /// <summary>Makes every version of a Flow known.</summary>
    public void Publish(string workspace, FlowState flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        foreach (var process in flow.Versions.Values) Publish(workspace, process);
    }

    /// <summary>Forgets what may never have been committed: versions come again from the journal.</summary>
    public void Forget() => processes.Clear();

    /// <inheritdoc/>
    public Process Process(string workspace, int version)
    {
        if (version == 0) return Core.Routing.Process.Empty;
        if (processes.TryGetValue((workspace, version), out var process)) return process;
        if (loadFlow(workspace) is { } flow) Publish(workspace, flow);
        return processes.TryGetValue((workspace, version), out process) ? process : throw new KeyNotFoundException($"Version {version} of the process was never published.");
    }

    /// <inheritdoc/>
    public DateTimeOffset ToInstant(string timeZone, DateTime local)
    {
        var zone = Zone(timeZone);
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // A gap moves the clock forward by an hour at most.
        if (zone.IsInvalidTime(wall)) wall = wall.AddHours(1);
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    /// <inheritdoc/>
    public DateTime ToLocal(string timeZone, DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone(timeZone)).DateTime;

    /// <inheritdoc/>
    public bool KnowsZone(string timeZone) => timeZone.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _);

    private static TimeZoneInfo Zone(string timeZone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone) ? zone : throw new KeyNotFoundException($"The time zone {timeZone} is unknown.");
}
