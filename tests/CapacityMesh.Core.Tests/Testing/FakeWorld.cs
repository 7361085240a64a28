using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>Published processes by version, and the machine's own time-zone rules.</summary>
internal sealed class FakeWorld : IWorld
{
    private readonly Dictionary<int, Process> versions = new() { [0] = Core.Routing.Process.Empty };

    public FakeWorld Publish(Process process)
    {
        versions[process.Version] = process;
        return this;
    }

    public Process Process(string workspace, int version) => versions[version];

    public DateTimeOffset ToInstant(string timeZone, DateTime local)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(wall)) wall = wall.AddHours(1);
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    public DateTime ToLocal(string timeZone, DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime;

    public bool KnowsZone(string timeZone) => TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _);
}
