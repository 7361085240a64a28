using CapacityMesh.Core.Execution;
using CapacityMesh.Runtime.Projections;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>How soon people were contacted: from when they asked, by the platform's clock, to the first contact by a human.</summary>
/// <param name="Contacted">Leads that were contacted.</param>
/// <param name="Awaiting">Open leads that were not, yet.</param>
/// <param name="Never">Leads that ended without.</param>
/// <param name="ToContact">How long it took, of those contacted.</param>
/// <param name="Within5Minutes">Share of all leads, 0 to 1.</param>
/// <param name="Within1Hour">Share of all leads, 0 to 1.</param>
/// <param name="NeverShare">Share of all leads, 0 to 1.</param>
/// <param name="PlatformDelay">How long the platform took to tell us.</param>
/// <param name="Group">The campaign or channel.</param>
/// <param name="Leads">Leads whose person asked in the range.</param>
internal sealed record SpeedRow(
    string Group, int Leads, int Contacted, int Awaiting, int Never, Quantiles ToContact, decimal? Within5Minutes, decimal? Within1Hour, decimal? NeverShare, Quantiles PlatformDelay);

/// <summary>Speed to lead of a range.</summary>
internal sealed record SpeedReply(DateTimeOffset From, DateTimeOffset To, ReportBy By, IReadOnlyList<SpeedRow> Rows, SpeedRow Total);

/// <summary>Adds it up. Pure.</summary>
internal static class SpeedReport
{
    /// <summary>The report.</summary>
    public static SpeedReply Of(ReportRange range, ReportBy by, CampaignFacts campaigns, IReadOnlyList<LeadFact> leads) => new(
        range.From, range.To, by,
        [.. leads.GroupBy(l => campaigns.GroupOf(campaigns.NameOf(l.Campaign), by)).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => RowOf(g.Key, [.. g]))],
        RowOf("total", leads));

    private static SpeedRow RowOf(string group, IReadOnlyList<LeadFact> leads)
    {
        List<TimeSpan> spans = [.. leads.Where(l => l.FirstContactAt is not null).Select(l => l.FirstContactAt!.Value - l.OccurredAt)];
        var never = leads.Count(l => l.FirstContactAt is null && l.Phase >= LeadPhase.Delivered);
        return new SpeedRow(
            group, leads.Count, spans.Count, leads.Count - spans.Count - never, never, Quantiles.Of(spans),
            Share(spans.Count(s => s <= TimeSpan.FromMinutes(5)), leads.Count), Share(spans.Count(s => s <= TimeSpan.FromHours(1)), leads.Count), Share(never, leads.Count),
            Quantiles.Of([.. leads.Select(l => l.CapturedAt - l.OccurredAt)]));
    }

    private static decimal? Share(int part, int whole) => whole == 0 ? null : decimal.Round((decimal)part / whole, 4);
}
