using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CapacityMesh.Simulation.Policies;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>Results of several policies and seeds on one scenario: means over the seeds, as a table or as JSON.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Cards">One card per seed, by policy, in the order they were asked for.</param>
public sealed record PolicyTable(string Scenario, IReadOnlyList<ulong> Seeds, IReadOnlyList<(PolicyKind Policy, IReadOnlyList<Scorecard> Cards)> Cards)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly (string Name, string Heading, string Format, Func<Scorecard, double> Value)[] Columns =
    [
        ("offered", "offered", "0", c => c.Offered),
        ("captured", "captured", "0", c => c.Captured),
        ("admitted", "admitted", "0", c => c.Admitted),
        ("delivered", "delivered", "0.0", c => c.Delivered),
        ("brokenPromises", "broken", "0.0%", c => c.BrokenPromises),
        ("constraintUtilization", "busy", "0.0%", c => c.ConstraintUtilization),
        ("unanswered", "unanswered", "0", c => c.Unanswered),
        ("lateStarts", "late", "0.0", c => c.LateStarts),
        ("wastedSpend", "wasted", "0", c => (double)c.WastedSpend),
        ("signalChangesPerCampaignDay", "signals/day", "0.00", c => c.SignalChangesPerCampaignDay),
    ];

    /// <summary>Mean fluid bound over the seeds.</summary>
    public double Bound => Cards.SelectMany(c => c.Cards).Select(c => c.Bound).DefaultIfEmpty(0).Average();

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Scenario}, {Seeds.Count} seed(s); fluid bound: {Bound:0.0} delivered\n");
        text.Append("policy".PadRight(11)).AppendJoin("", Columns.Select(c => c.Heading.PadLeft(13))).Append('\n');
        foreach (var (policy, cards) in Cards)
        {
            text.Append(PolicyNames.NameOf(policy).PadRight(11))
                .AppendJoin("", Columns.Select(c => Mean(cards, c.Value).ToString(c.Format, CultureInfo.InvariantCulture).PadLeft(13))).Append('\n');
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
            foreach (var column in Columns) measures[column.Name] = Math.Round(Mean(cards, column.Value), 6);
            policies[PolicyNames.NameOf(policy)] = measures;
        }
        return new JsonObject
        {
            ["scenario"] = Scenario,
            ["seeds"] = new JsonArray([.. Seeds.Select(s => (JsonNode)s)]),
            ["bound"] = new JsonObject { ["delivered"] = Math.Round(Bound, 3) },
            ["policies"] = policies,
        }.ToJsonString(Indented);
    }

    private static double Mean(IReadOnlyList<Scorecard> cards, Func<Scorecard, double> value) => cards.Count == 0 ? 0 : cards.Average(value);
}
