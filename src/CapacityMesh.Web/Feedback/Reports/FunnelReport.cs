using CapacityMesh.Core.Execution;
using CapacityMesh.Runtime.Projections;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>Who looked at a page, and never asked.</summary>
/// <param name="Visits">Days on which a visitor saw it, added up.</param>
/// <param name="Visitors">Different visitors.</param>
/// <param name="BecameLeads">Of those, how many asked for something since.</param>
/// <param name="Campaign">What brought them.</param>
/// <param name="LandingPage">What they saw.</param>
/// <param name="NeverAsked">Visitors who did not ask.</param>
internal sealed record SignalRow(string Campaign, string LandingPage, int Visits, int Visitors, int BecameLeads, int NeverAsked);

/// <summary>What the gate did with the leads.</summary>
/// <param name="Waiting">Still waits.</param>
/// <param name="Wait">How long those that were let in had waited.</param>
/// <param name="Captured">All leads.</param>
/// <param name="Admitted">Let in.</param>
/// <param name="Deflected">Turned away.</param>
/// <param name="Expired">Waited too long.</param>
/// <param name="Retracted">Taken back before they were let in.</param>
internal sealed record GateRow(int Captured, int Admitted, int Waiting, int Deflected, int Expired, int Retracted, Quantiles Wait);

/// <summary>What one stage did with them.</summary>
/// <param name="In">Entered it.</param>
/// <param name="Out">Passed it.</param>
/// <param name="Lost">Were lost there.</param>
/// <param name="Left">Were taken back while there.</param>
/// <param name="Waiting">Wait there now.</param>
/// <param name="InHand">Somebody has them in hand there now.</param>
/// <param name="Wait">How long they waited there: of those that left it, or that somebody has in hand.</param>
/// <param name="Work">How long somebody had them in hand: of those that were served and left.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="Pool">Who serves it.</param>
/// <param name="PromisesBroken">How often the stage kept somebody waiting too long.</param>
internal sealed record StageRow(string Stage, string Pool, int In, int Out, int Lost, int Left, int Waiting, int InHand, Quantiles Wait, Quantiles Work, int PromisesBroken);

/// <summary>The funnel of a range, from the first visit to delivery.</summary>
internal sealed record FunnelReply(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SignalRow> Signals, GateRow Gate, IReadOnlyList<StageRow> Stages);

/// <summary>Adds up where leads are and how long it took. Pure.</summary>
internal static class FunnelReport
{
    /// <summary>What the gate did.</summary>
    public static GateRow GateOf(IReadOnlyList<LeadFact> leads)
    {
        int Of(LeadPhase phase) => leads.Count(l => l.Phase == phase);
        // A lead that was let in is no longer the gate's, however it ended.
        return new GateRow(
            leads.Count, leads.Count(l => l.AdmittedAt is not null), Of(LeadPhase.Waitlisted), Of(LeadPhase.Deflected), Of(LeadPhase.Expired),
            leads.Count(l => l.Phase is LeadPhase.Retracted && l.AdmittedAt is null), Quantiles.Of([.. leads.Where(l => l.AdmittedAt is not null).Select(l => l.AdmittedAt!.Value - l.CapturedAt)]));
    }

    /// <summary>What each stage did, in the order that leads take them.</summary>
    public static IReadOnlyList<StageRow> StagesOf(IReadOnlyList<LeadFact> leads)
    {
        var stages = new Dictionary<(string Stage, string Pool), StageTally>();
        foreach (var lead in leads)
        {
            foreach (var visit in lead.Visits ?? []) Of(visit.Stage, visit.Pool, visit.Index).Add(visit);
            if (lead.Present is { } present) Of(present.Stage, present.Pool, present.Index).Add(present);
        }
        return [.. stages.OrderBy(s => s.Value.Index).ThenBy(s => s.Key.Stage, StringComparer.Ordinal).ThenBy(s => s.Key.Pool, StringComparer.Ordinal).Select(s => s.Value.ToRow(s.Key.Stage, s.Key.Pool))];

        StageTally Of(string stage, string pool, int index)
        {
            if (!stages.TryGetValue((stage, pool), out var tally)) stages[(stage, pool)] = tally = new StageTally { Index = index };
            tally.Index = Math.Min(tally.Index, index);
            return tally;
        }
    }

    private sealed class StageTally
    {
        private readonly List<TimeSpan> waits = [];
        private readonly List<TimeSpan> works = [];
        private readonly int[] ends = new int[Enum.GetValues<VisitEnd>().Length];
        private int entered;
        private int waiting;
        private int inHand;
        private int broken;

        public int Index { get; set; }

        public void Add(StageVisit visit)
        {
            entered++;
            ends[(int)visit.End]++;
            if (visit.Broken) broken++;
            waits.Add(visit.LeftAt - visit.EnteredAt - visit.Worked);
            if (visit.Served) works.Add(visit.Worked);
        }

        public void Add(PresentVisit visit)
        {
            entered++;
            if (visit.Broken) broken++;
            if (visit.InHandSince is { } since)
            {
                inHand++;
                waits.Add(since - visit.EnteredAt - visit.Worked);
            }
            else
            {
                waiting++;
            }
        }

        public StageRow ToRow(string stage, string pool) => new(
            stage, pool, entered, ends[(int)VisitEnd.Passed], ends[(int)VisitEnd.Lost], ends[(int)VisitEnd.Left], waiting, inHand, Quantiles.Of(waits), Quantiles.Of(works), broken);
    }
}
