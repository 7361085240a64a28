using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Projections;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>One row of attribution. Leads may be parts of leads.</summary>
/// <param name="Group">The campaign, channel or promise.</param>
/// <param name="Model">By which model.</param>
/// <param name="Spend">What was spent in the range.</param>
/// <param name="NeverServed">Leads that ended without anybody having had them in hand.</param>
/// <param name="Waiting">Open leads that nobody has had in hand yet.</param>
/// <param name="CostPerLead">Spend by lead; null without leads.</param>
/// <param name="Cac">Spend by deal won; null without deals.</param>
/// <param name="Value">What the deals won bring: as recorded, else the campaign's value per win.</param>
/// <param name="ConstraintUnits">Work of the constraint's pool that the leads took.</param>
/// <param name="ValuePerConstraintUnit">Value by unit; null without units.</param>
/// <param name="SpendNeverServed">The part of the spend that brought leads who were never served.</param>
/// <param name="Leads">Leads whose person asked in the range.</param>
/// <param name="Admitted">Of those, let in.</param>
/// <param name="Won">Of those, won.</param>
/// <param name="Delivered">Of those, delivered.</param>
internal sealed record AttributionRow(
    string Group, AttributionModel Model, decimal Spend, decimal Leads, decimal Admitted, decimal Won, decimal Delivered, decimal NeverServed, decimal Waiting,
    decimal? CostPerLead, decimal? Cac, decimal Value, decimal ConstraintUnits, decimal? ValuePerConstraintUnit, decimal SpendNeverServed);

/// <summary>Money in a currency that the report does not count in.</summary>
internal sealed record OtherCurrency(string Currency, decimal Spend, decimal Value);

/// <summary>Attribution of a range.</summary>
internal sealed record AttributionReply(
    DateTimeOffset From, DateTimeOffset To, ReportBy By, string? Currency, string? Constraint, IReadOnlyList<AttributionRow> Rows, IReadOnlyList<AttributionRow> Total,
    IReadOnlyList<OtherCurrency> OtherCurrencies);

/// <summary>Adds up who brought what. Pure: leads, campaigns and the constraint in, rows out; <paramref name="effortOf"/> knows the efforts of the stages of a lead's own process.</summary>
internal sealed class AttributionReport(ReportRange range, ReportBy by, CampaignFacts campaigns, string? constraint, Func<LeadFact, Func<int, decimal>> effortOf, string? currency)
{
    private const int Digits = 4;

    /// <summary>The report.</summary>
    public AttributionReply Of(IReadOnlyList<LeadFact> leads, IReadOnlyList<AttributionModel> models)
    {
        var counted = currency ?? MostUsed(leads);
        var rows = new List<AttributionRow>();
        var totals = new List<AttributionRow>();
        foreach (var model in models)
        {
            var tallies = Tally(leads, model, counted);
            var groups = tallies.GroupBy(t => campaigns.GroupOf(t.Key, by), t => t.Value).OrderBy(g => g.Key, StringComparer.Ordinal);
            rows.AddRange(groups.Select(g => RowOf(g.Key, model, g)));
            totals.Add(RowOf("total", model, tallies.Values));
        }
        return new AttributionReply(range.From, range.To, by, counted, constraint, rows, totals, Others(leads, counted));
    }

    private Dictionary<string, CampaignTally> Tally(IReadOnlyList<LeadFact> leads, AttributionModel model, string? counted)
    {
        var tallies = new Dictionary<string, CampaignTally>(StringComparer.Ordinal);
        foreach (var (id, spend) in Spends(c => c == counted))
        {
            if (spend > 0) Of(id).Spend += spend;
        }
        foreach (var lead in leads)
        {
            var (value, units) = (ValueOf(lead) is { } money && money.Currency == counted ? money.Amount : 0, UnitsOf(lead));
            foreach (var share in Attribution.Of(TouchesOf(lead), model)) Of(share.Campaign).Add(lead, share.Part, value, units);
        }
        return tallies;

        CampaignTally Of(string campaign) => tallies.TryGetValue(campaign, out var tally) ? tally : tallies[campaign] = new CampaignTally();
    }

    // What reached the person up to the deal; the request itself is a touch.
    private List<Touch> TouchesOf(LeadFact lead)
    {
        var asked = new Touch(campaigns.NameOf(lead.Campaign), lead.OccurredAt, "captured");
        if (lead.Touches is not { } more) return [asked];
        List<Touch> touches = [.. more.Where(t => lead.WonAt is not { } won || t.At <= won).Select(t => t with { Campaign = campaigns.NameOf(t.Campaign) }), asked];
        return touches;
    }

    private Money? ValueOf(LeadFact lead) => lead.WonAt is null ? null : lead.Value ?? campaigns.ValueOf(lead.Campaign);

    private decimal UnitsOf(LeadFact lead)
    {
        if (constraint is null) return 0;
        var effort = effortOf(lead);
        decimal units = 0;
        foreach (var visit in lead.Visits ?? [])
        {
            if (visit.Served && visit.Pool == constraint) units += effort(visit.Index);
        }
        return lead.Present is { Served: true } present && present.Pool == constraint ? units + effort(present.Index) : units;
    }

    private IEnumerable<(string Campaign, decimal Spend)> Spends(Func<string, bool> wanted) =>
        campaigns.All.Select(c => (c.Key, c.Value.Costs.Where(d => range.Holds(d.Day) && wanted(d.Amount.Currency)).Sum(d => d.Amount.Amount)));

    // A business counts in one currency: the one of most of its money; what is in another is shown beside, never mixed in.
    private string? MostUsed(IReadOnlyList<LeadFact> leads) => Monies(leads).GroupBy(m => m.Currency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;

    private IEnumerable<Money> Monies(IReadOnlyList<LeadFact> leads) =>
        campaigns.All.SelectMany(c => c.Value.Costs).Where(d => range.Holds(d.Day)).Select(d => d.Amount).Concat(leads.Select(ValueOf).OfType<Money>());

    private OtherCurrency[] Others(IReadOnlyList<LeadFact> leads, string? counted) =>
        [.. Monies(leads).Select(m => m.Currency).Where(c => c != counted).Distinct().Order(StringComparer.Ordinal).Select(c => new OtherCurrency(
            c, Spends(s => s == c).Sum(s => s.Spend), leads.Select(ValueOf).OfType<Money>().Where(m => m.Currency == c).Sum(m => m.Amount)))];

    private static AttributionRow RowOf(string group, AttributionModel model, IEnumerable<CampaignTally> parts)
    {
        CampaignTally[] all = [.. parts];
        var (spend, leads, won, value, units) = (all.Sum(t => t.Spend), all.Sum(t => t.Leads), all.Sum(t => t.Won), all.Sum(t => t.Value), all.Sum(t => t.Units));
        return new AttributionRow(
            group, model, Round(spend), Round(leads), Round(all.Sum(t => t.Admitted)), Round(won), Round(all.Sum(t => t.Delivered)), Round(all.Sum(t => t.NeverServed)), Round(all.Sum(t => t.Waiting)),
            Per(spend, leads), Per(spend, won), Round(value), Round(units), Per(value, units), Round(all.Sum(t => t.SpendNeverServed)));
    }

    private static decimal? Per(decimal what, decimal by) => by > 0 ? Round(what / by) : null;

    private static decimal Round(decimal value) => decimal.Round(value, Digits);

    private sealed class CampaignTally
    {
        public decimal Spend { get; set; }
        public decimal Leads { get; private set; }
        public decimal Admitted { get; private set; }
        public decimal Won { get; private set; }
        public decimal Delivered { get; private set; }
        public decimal NeverServed { get; private set; }
        public decimal Waiting { get; private set; }
        public decimal Value { get; private set; }
        public decimal Units { get; private set; }

        /// <summary>Every lead of a campaign cost the same.</summary>
        public decimal SpendNeverServed => Leads > 0 ? Spend * NeverServed / Leads : 0;

        public void Add(LeadFact lead, decimal part, decimal value, decimal units)
        {
            Leads += part;
            if (lead.AdmittedAt is not null) Admitted += part;
            if (lead.WonAt is not null) Won += part;
            if (lead.Phase is LeadPhase.Delivered) Delivered += part;
            if (!lead.Served && lead.Phase >= LeadPhase.Delivered) NeverServed += part;
            if (!lead.Served && lead.Phase < LeadPhase.Delivered) Waiting += part;
            Value += value * part;
            Units += units * part;
        }
    }
}
