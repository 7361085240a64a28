using System.Globalization;
using CapacityMesh.Runtime.Projections;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>The time that a report is about: leads whose person asked in it, and what became of them since.</summary>
/// <param name="From">From this instant on.</param>
/// <param name="To">Up to, and without, this instant.</param>
internal sealed record ReportRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Days of a report: as long as costs are kept.</summary>
    public const int DaysMax = 400;
    private const int DaysDefault = 30;

    /// <summary>The range in the query: days or instants; a day in <c>to</c> is included. The last 30 days when nothing is said.</summary>
    /// <exception cref="ProblemException">It is no range, or too long.</exception>
    public static ReportRange Of(ApiCall call)
    {
        var tomorrow = new DateTimeOffset(call.Mesh.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var to = Bound(call, "to", daysMore: 1) ?? tomorrow;
        var from = Bound(call, "from", daysMore: 0) ?? to.AddDays(-DaysDefault);
        if (from >= to) throw new ProblemException(Problem.Invalid("from", "emptyRange", "A report's from lies before its to."));
        if (to - from > TimeSpan.FromDays(DaysMax)) throw new ProblemException(Problem.Invalid("from", "rangeTooLong", "A report covers at most 400 days."));
        return new ReportRange(from, to);
    }

    /// <summary>Whether an instant lies in it.</summary>
    public bool Holds(DateTimeOffset at) => at >= From && at < To;

    /// <summary>Whether a day's cost counts: the day begins in it.</summary>
    public bool Holds(DateOnly day) => Holds(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));

    /// <summary>The key of its first day.</summary>
    public string FirstDay => LeadFacts.DayOf(From);

    /// <summary>The key of its last day.</summary>
    public string LastDay => LeadFacts.DayOf(To.AddTicks(-1));

    private static DateTimeOffset? Bound(ApiCall call, string name, int daysMore)
    {
        if (call.Text(name) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9_998)
        {
            return new DateTimeOffset(day.AddDays(daysMore).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        }
        return InstantJson.TryParse(text, out var instant) ? instant : throw new ProblemException(Problem.Invalid(name, "invalidInstant", $"{name} is a day, 2026-11-21, or an instant, RFC 3339 with an offset."));
    }
}
