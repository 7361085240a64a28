using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapacityMesh.Simulation.Policies;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>Results of several policies and seeds on one scenario: means over the seeds with 95 % confidence intervals, as a table or as JSON.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Cards">One card per seed, by policy, in the order they were asked for.</param>
public sealed record PolicyTable(string Scenario, IReadOnlyList<ulong> Seeds, IReadOnlyList<(PolicyKind Policy, IReadOnlyList<Scorecard> Cards)> Cards)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // A column with an interval is wide enough for "123.4 ±12.3".
    private static readonly (string Name, string Heading, string Format, Func<Scorecard, double> Value, bool WithInterval)[] Columns =
    [
        ("offered", "offered", "0", c => c.Offered, false),
        ("captured", "captured", "0", c => c.Captured, false),
        ("admitted", "admitted", "0", c => c.Admitted, false),
        ("delivered", "delivered", "0.0", c => c.Delivered, true),
        ("expected", "expected", "0.0", c => c.Expected, true),
        ("kept", "kept", "0.0", c => c.Kept, true),
        ("ofBound", "of bound", "0.0%", c => c.Bound > 0 ? c.Expected / c.Bound : 1, true),
        ("ofReachable", "of reachable", "0.0%", c => c.Reachable > 0 ? c.Expected / c.Reachable : 1, true),
        ("brokenPromises", "broken", "0.0%", c => c.BrokenPromises, true),
        ("constraintUtilization", "busy", "0.0%", c => c.ConstraintUtilization, false),
        ("unanswered", "unanswered", "0", c => c.Unanswered, false),
        ("lateStarts", "late", "0.0", c => c.LateStarts, false),
        ("wastedSpend", "wasted", "0", c => (double)c.WastedSpend, false),
        ("signalChangesPerCampaignDay", "signals/day", "0.00", c => c.SignalChangesPerCampaignDay, true),
    ];

    /// <summary>Mean fluid bound over the seeds.</summary>
    public double Bound => Cards.SelectMany(c => c.Cards).Select(c => c.Bound).DefaultIfEmpty(0).Average();

    /// <summary>Mean of what could be had at all.</summary>
    public double Reachable => Cards.SelectMany(c => c.Cards).Select(c => c.Reachable).DefaultIfEmpty(0).Average();

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Scenario}, {Seeds.Count} seed(s); fluid bound: {Bound:0.0} delivered, reachable: {Reachable:0.0}\n");
        text.Append("policy".PadRight(10)).AppendJoin("", Columns.Select(c => c.Heading.PadLeft(WidthOf(c.WithInterval)))).Append("   expected - mesh".PadLeft(18)).Append('\n');
        foreach (var (policy, cards) in Cards)
        {
            text.Append(PolicyNames.NameOf(policy).PadRight(10))
                .AppendJoin("", Columns.Select(c => Show(Interval.Of([.. cards.Select(c.Value)]), c.Format, c.WithInterval).PadLeft(WidthOf(c.WithInterval))))
                .Append((AgainstMesh(policy, cards) is { } difference ? Show(difference, "+0.0;-0.0;0.0", withInterval: true) : "").PadLeft(18)).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>For programs.</summary>
    public string ToJson()
    {
        var policies = new JsonObject();
        foreach (var (policy, cards) in Cards)
        {
            var measures = new JsonObject();
            var intervals = new JsonObject();
            foreach (var column in Columns)
            {
                var interval = Interval.Of([.. cards.Select(column.Value)]);
                measures[column.Name] = Math.Round(interval.Mean, 6);
                intervals[column.Name] = HalfWidth(interval);
            }
            // Half widths of the 95 % confidence intervals over the seeds; null for a single seed.
            measures["halfWidth95"] = intervals;
            if (AgainstMesh(policy, cards) is { } difference) measures["expectedLessMesh"] = new JsonObject { ["mean"] = Math.Round(difference.Mean, 6), ["halfWidth95"] = HalfWidth(difference) };
            policies[PolicyNames.NameOf(policy)] = measures;
        }
        return new JsonObject
        {
            ["scenario"] = Scenario,
            ["seeds"] = new JsonArray([.. Seeds.Select(s => (JsonNode)s)]),
            ["bound"] = new JsonObject { ["delivered"] = Math.Round(Bound, 3), ["reachable"] = Math.Round(Reachable, 3) },
            ["policies"] = policies,
        }.ToJsonString(Indented);
    }

    // Seed by seed: what one policy is to be expected to deliver more than the mesh on the same leads.
    private Interval? AgainstMesh(PolicyKind policy, IReadOnlyList<Scorecard> cards)
    {
        var mesh = Cards.FirstOrDefault(c => c.Policy is PolicyKind.Mesh).Cards;
        return policy is PolicyKind.Mesh || mesh is null ? null : Interval.Of([.. cards.Zip(mesh, (one, other) => one.Expected - other.Expected)]);
    }

    private static int WidthOf(bool withInterval) => withInterval ? 15 : 11;

    private static string Show(Interval interval, string format, bool withInterval)
    {
        var mean = interval.Mean.ToString(format, CultureInfo.InvariantCulture);
        return withInterval && !double.IsNaN(interval.HalfWidth) ? $"{mean} ±{interval.HalfWidth.ToString(format.Split(';')[^1], CultureInfo.InvariantCulture).TrimEnd('%')}" : mean;
    }

    private static JsonNode? HalfWidth(Interval interval) => double.IsNaN(interval.HalfWidth) ? null : Math.Round(interval.HalfWidth, 6);
}
