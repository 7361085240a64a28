using CapacityMesh.Simulation.WhatIf;

namespace CapacityMesh.Web.Routing;

/// <summary>A figure: what was expected, and what then happened; null while its week is not over, or was not recorded.</summary>
internal sealed record ExpectedView(double P10, double P50, double P90, double? Actual);

/// <summary>A week: expected beside actual.</summary>
internal sealed record ForecastWeekView(DateTimeOffset From, DateTimeOffset To, ExpectedView Admitted, ExpectedView Won, ExpectedView Delivered, string? Constraint, double ConstraintShare, string? ActualConstraint);

/// <summary>A forecast.</summary>
internal sealed record ForecastView(DateTimeOffset At, IReadOnlyList<ForecastWeekView> Weeks);

/// <summary>How often what happened lay between p10 and p90, of so many figures; eight of ten should.</summary>
internal sealed record CoverageView(double? Coverage, int Inside, int Of);

/// <summary>How good the forecasts were.</summary>
internal sealed record ForecastScore(double Target, CoverageView All, CoverageView Admitted, CoverageView Won, CoverageView Delivered, CoverageView Constraint);

/// <summary>The newest forecast, earlier ones a week apart beside what happened, and the score of all that are kept; <c>latest</c> is null before the first.</summary>
internal sealed record ForecastReply(ForecastView? Latest, IReadOnlyList<ForecastView> Past, ForecastScore Score)
{
    // Eight weeks of forecasts a week apart show each week once at every distance.
    private const int PastMax = 8;
    private const double Target = 0.8;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    // A count between two records is taken to have grown evenly, if they are not further apart than this.
    private static readonly TimeSpan GapMost = TimeSpan.FromDays(3);

    /// <summary>From the records, oldest first, and the present.</summary>
    public static ForecastReply Of(IReadOnlyList<ForecastRecord> records, ForecastRecord? now)
    {
        var known = now is null ? records : [.. records, now];
        var views = records.Select(r => ViewOf(r, known)).ToArray();
        var past = new List<ForecastView>();
        foreach (var view in views.Reverse().Where(v => v.Weeks.Any(w => w.Admitted.Actual is not null)))
        {
            if (past.Count < PastMax && (past.Count == 0 || past[^1].At - view.At >= Week - TimeSpan.FromHours(12))) past.Add(view);
        }
        return new ForecastReply(views.Length == 0 ? null : views[^1], past, ScoreOf([.. views.SelectMany(v => v.Weeks)]));
    }

    private static ForecastView ViewOf(ForecastRecord record, IReadOnlyList<ForecastRecord> known) => new(record.At, [.. record.Weeks.Select((week, i) =>
    {
        var (from, to) = (record.At + (Week * i), record.At + (Week * (i + 1)));
        return new ForecastWeekView(
            from, to, Expected(week.Admitted, c => c.Admitted), Expected(week.Won, c => c.Won), Expected(week.Delivered, c => c.Delivered),
            week.Constraint, week.ConstraintShare, ConstraintIn(known, from, to));

        ExpectedView Expected(Spread spread, Func<ForecastCounts, long> of)
        {
            var grown = CountAt(known, to, of) - CountAt(known, from, of);
            return new ExpectedView(spread.P10, spread.P50, spread.P90, grown is { } actual ? Math.Round(actual) : null);
        }
    })]);

    private static double? CountAt(IReadOnlyList<ForecastRecord> known, DateTimeOffset at, Func<ForecastCounts, long> of)
    {
        for (var i = 0; i < known.Count; i++)
        {
            if (known[i].At < at) continue;
            if (known[i].At == at) return of(known[i].Counts);
            if (i == 0 || known[i].At - known[i - 1].At > GapMost) return null;
            var share = (at - known[i - 1].At) / (known[i].At - known[i - 1].At);
            return of(known[i - 1].Counts) + (share * (of(known[i].Counts) - of(known[i - 1].Counts)));
        }
        return null;
    }

    // The pool that was found to limit on most days of the week, once it is over.
    private static string? ConstraintIn(IReadOnlyList<ForecastRecord> known, DateTimeOffset from, DateTimeOffset to) =>
        known.Count == 0 || known[^1].At < to ? null
        : known.Where(r => r.At >= from && r.At < to).GroupBy(r => r.Constraint).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).FirstOrDefault();

    private static ForecastScore ScoreOf(IReadOnlyList<ForecastWeekView> weeks)
    {
        var (admitted, won, delivered) = (Of(w => w.Admitted), Of(w => w.Won), Of(w => w.Delivered));
        var named = weeks.Where(w => w.ActualConstraint is not null).ToArray();
        var all = Coverage(admitted.Inside + won.Inside + delivered.Inside, admitted.Of + won.Of + delivered.Of);
        return new ForecastScore(Target, all, admitted, won, delivered, Coverage(named.Count(w => w.Constraint == w.ActualConstraint), named.Length));

        CoverageView Of(Func<ForecastWeekView, ExpectedView> figure)
        {
            var over = weeks.Select(figure).Where(e => e.Actual is not null).ToArray();
            return Coverage(over.Count(e => e.Actual >= e.P10 && e.Actual <= e.P90), over.Length);
        }
    }

    private static CoverageView Coverage(int inside, int of) => new(of == 0 ? null : Math.Round((double)inside / of, 3), inside, of);
}
