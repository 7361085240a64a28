using System.Diagnostics;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// One per workspace: looks at all pools at once, lets leads in no faster than the whole system can keep its promises, names the constraint, and
/// tells campaigns what to spend. It adds no increments: pools report absolute facts, and the newest report wins.
/// </summary>
public sealed partial class FlowMachine : IMachine<FlowState, FlowCommand, FlowEvent>
{
    // Supply ahead changes as the clock moves: often enough for promises of hours, rare enough to cost nothing.
    private static readonly TimeSpan TickEvery = TimeSpan.FromMinutes(5);

    private const int VersionsMax = 500;

    private FlowMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.Flow;

    /// <inheritdoc/>
    public static FlowState Initial { get; } = new();

    private static readonly Func<FlowState, IEvent, DateTimeOffset, FlowState> EvolveAny = (s, e, at) => Evolve(s, (FlowEvent)e, at);

    /// <inheritdoc/>
    public static Decision<FlowState> Decide(FlowState state, FlowCommand command, Turn turn)
    {
        var decision = new Decision<FlowState>(state, turn, EvolveAny);
        return command switch
        {
            FlowCommand.DefineProcess c => DecideDefineProcess(decision, c),
            FlowCommand.Admit c => DecideAdmit(decision, c),
            FlowCommand.LeftWaitlist c => state.Waitlist.PositionOf(c.LeadId) > 0 ? decision.Record(new FlowEvent.LeadLeftWaitlist(c.LeadId)) : decision,
            FlowCommand.AdmissionUnused c => DecideAdmissionUnused(decision, c),
            FlowCommand.PoolReported c => Measure(decision.Record(new FlowEvent.PoolReported(c.Report))),
            FlowCommand.CampaignReported c => DecideCampaignReported(decision, c),
            FlowCommand.TimerElapsed => Measure(decision.SetTimer(FlowTimers.Tick, turn.Now + TickEvery)),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
    }

    private static Decision<FlowState> DecideDefineProcess(Decision<FlowState> decision, FlowCommand.DefineProcess command)
    {
        var (state, turn) = (decision.State, decision.Turn);
        if (command.Process.Check().Count > 0) return decision.Reject(FlowRejections.InvalidProcess);
        // Leads of earlier versions still wait there for what they were promised.
        if (state.Versions.Values.Any(v => v.Pools.Any(p => command.Process.Pools.Any(n => n.Id == p.Id && n.Kind != p.Kind)))) return decision.Reject(FlowRejections.PoolKindChanged);
        if (state.Versions.Count >= VersionsMax) return decision.Reject(FlowRejections.TooManyVersions);
        var process = command.Process with { Version = state.Process.Version + 1 };
        decision.Record(new FlowEvent.ProcessDefined(process));
        foreach (var pool in process.Pools)
        {
            decision.Send(EntityKind.Pool, pool.Id, new PoolCommand.Configure(pool.Kind, process.OfferTimeout, process.HoldTimeout, process.ReofferAfter));
        }
        decision.SetTimer(FlowTimers.Tick, turn.Now + TickEvery).Answer(new ProcessPublished(process.Version));
        return Measure(decision);
    }

    // The gate's word on one lead. The order of the checks is the order of the reasons.
    private static Decision<FlowState> DecideAdmit(Decision<FlowState> decision, FlowCommand.Admit command)
    {
        var now = decision.Turn.Now;
        var known = command.Submission.Campaign == Submission.Unattributed || decision.State.Campaigns.ContainsKey(command.Submission.Campaign);
        var submission = known ? command.Submission : command.Submission with { Campaign = Submission.Unattributed };
        decision.Record(new FlowEvent.LeadArrived(submission.LeadId, submission.Campaign, DelayOf(submission, now)));
        var state = decision.State;
        var version = state.Process.Version;
        if (GateWord.WhyClosed(state) is not { } why)
        {
            var (position, expectedAt) = GateWord.AtFirstStage(state, now);
            decision.Record(new FlowEvent.LeadAdmitted(submission.LeadId, state.Process.Stages[0].Pool));
            return Tell(decision, submission, new Verdict(IntakeDecision.Admitted, version, position, expectedAt, new Reason("admitted", "Every pool on its way can keep its promise.")));
        }
        if (state.Waitlist.Count >= state.Process.Waitlist.Limit)
        {
            decision.Record(new FlowEvent.LeadDeflected(submission.LeadId));
            var full = new Reason("exceedsMax", $"{AtTheGate(state.Waitlist.Count)} already. {why.Text}");
            return Tell(decision, submission, new Verdict(IntakeDecision.Deflected, version, Position: null, ExpectedAt: null, full));
        }
        var value = submission.Value?.Amount ?? state.Campaigns.GetValueOrDefault(submission.Campaign)?.ValuePerWin?.Amount ?? 0;
        decision.Record(new FlowEvent.LeadWaitlisted(new WaitlistEntry(submission.LeadId, submission.Campaign, value, now)));
        var place = decision.State.Waitlist.PositionOf(submission.LeadId);
        return Tell(decision, submission, new Verdict(IntakeDecision.Waitlisted, version, place, GateWord.ExpectedFromWaitlist(state, place, now), why));
    }

    // Whole seconds, at most a week: what was imported long after says nothing about pausing.
    private static double DelayOf(Submission submission, DateTimeOffset now) => Math.Round(Math.Clamp((now - submission.OccurredAt).TotalSeconds, 0, 7 * 86_400));

    private static Decision<FlowState> Tell(Decision<FlowState> decision, Submission submission, Verdict verdict) =>
        decision.Forward(decision.Turn.Self.Sibling(EntityKind.Lead, submission.LeadId), new LeadCommand.Open(submission, verdict));

    private static Decision<FlowState> DecideAdmissionUnused(Decision<FlowState> decision, FlowCommand.AdmissionUnused command)
    {
        var process = decision.State.Versions.GetValueOrDefault(command.Process);
        return process is null ? decision : Measure(decision.Record(new FlowEvent.AdmissionReturned(process.Stages[0].Pool)));
    }

    private static Decision<FlowState> DecideCampaignReported(Decision<FlowState> decision, FlowCommand.CampaignReported command)
    {
        var before = decision.State.Campaigns.GetValueOrDefault(command.Report.Campaign);
        if (before == command.Report) return decision;
        if (before is null && decision.State.Campaigns.Count >= Limits.CampaignsMax) return decision;
        var changed = before is null || !before.Signal.SameAs(command.Report.Signal);
        decision.Record(new FlowEvent.CampaignReported(command.Report, changed));
        return before is null ? PlanSpend(decision) : decision;
    }
}
