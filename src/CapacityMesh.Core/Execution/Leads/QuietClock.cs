using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

/// <summary>Time without a person's quiet hours, by their own wall clock.</summary>
internal readonly struct QuietClock(QuietHours? quiet, string? timeZone, IWorld world)
{
    // Beyond a week nobody counts hours: the end is moved out of the night, and that is all.
    private const int DaysCounted = 8;
    private readonly string zone = timeZone is { } own && world.KnowsZone(own) ? own : quiet?.TimeZone is { } common && world.KnowsZone(common) ? common : "UTC";

    /// <summary>The instant itself, or the end of the quiet hours that it lies in.</summary>
    public DateTimeOffset Next(DateTimeOffset at)
    {
        if (quiet is null) return at;
        var local = world.ToLocal(zone, at);
        var time = TimeOnly.FromDateTime(local);
        var overnight = quiet.From > quiet.To;
        var isQuiet = overnight ? time >= quiet.From || time < quiet.To : time >= quiet.From && time < quiet.To;
        if (!isQuiet) return at;
        var end = world.ToInstant(zone, local.Date.AddDays(overnight && time >= quiet.From ? 1 : 0) + quiet.To.ToTimeSpan());
        // Where the clock is moved at that hour, the end may already be over.
        return end > at ? end : at;
    }

    /// <summary>The instant at which a span is over, the quiet hours not counted.</summary>
    public DateTimeOffset After(DateTimeOffset from, TimeSpan span)
    {
        if (quiet is null) return from + span;
        if (span > TimeSpan.FromDays(DaysCounted - 1)) return Next(from + span);
        var at = Next(from);
        for (var day = 0; day <= DaysCounted * 2; day++)
        {
            var local = world.ToLocal(zone, at);
            var night = world.ToInstant(zone, local.Date.AddDays(TimeOnly.FromDateTime(local) < quiet.From ? 0 : 1) + quiet.From.ToTimeSpan());
            if (night <= at || at + span <= night) break;
            span -= night - at;
            at = Next(night);
        }
        return Next(at + span);
    }
}
