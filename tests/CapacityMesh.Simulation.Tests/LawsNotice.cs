using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Simulation.Laws;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: a checker that never complains checks nothing. Method: each law that looks at turns and answers is shown one that keeps it and one that breaks it.
public sealed class LawsNotice
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Reason Because = new("because", "Because of the test.");
    private static readonly SalespersonProfile Small = new(["sales"], 2, 1, [], null, [], []);

    private static EntityId Id(EntityKind kind, string key) => new("w", kind, key);

    private static TurnSeen Turn(EntityKind kind, ICommand command, object before, object after, params IEvent[] events) =>
        new("host", Id(kind, "it"), 1, Noon, command, new Cause.Request(new MeshRequest(Id(kind, "it"), command)), before, after, events);

    private static TurnSeen Reserve(string lead) => Turn(
        EntityKind.Salesperson, new SalespersonCommand.Reserve(new WorkItem(lead, "discovery", "sales", 1, []), TimeSpan.FromMinutes(5), Because), new SalespersonState(),
        new SalespersonState { Profile = Small, Debits = [new Debit(lead, 1, Noon)] }, new SalespersonEvent.Reserved(lead, "discovery", "sales", 1));

    [Fact]
    public void A_person_who_takes_more_than_they_can_hold()
    {
        ILaw law = new CapacityKept();
        Assert.Empty(law.OnTurn(Reserve("l1")));
        Assert.Contains(law.OnTurn(Reserve("l2")), v => v.Contains("holds 2 of 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lead_that_is_offered_twice()
    {
        ILaw law = new OneOffer();
        var offered = new LeadEvent.Offered("bob", Noon.AddMinutes(5), Because);
        Assert.Empty(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Reopen(), new LeadState(), new LeadState(), offered)));
        Assert.Single(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Reopen(), new LeadState { Person = "ann" }, new LeadState(), offered)));
    }

    [Fact]
    public void An_offer_that_is_accepted_after_its_time()
    {
        ILaw law = new OneOffer();
        var before = new LeadState { Person = "ann", Until = Noon };
        Assert.Single(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Accept("ann"), before, before, new LeadEvent.Accepted("ann", Noon, null, false))));
        var inTime = before with { Until = Noon.AddSeconds(1) };
        Assert.Empty(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Accept("ann"), inTime, inTime, new LeadEvent.Accepted("ann", Noon, null, false))));
    }

    [Fact]
    public void A_lead_that_loses_its_place()
    {
        ILaw law = new PlaceKept();
        var (before, moved) = (new LeadState { Place = Noon }, new LeadState { Place = Noon.AddHours(1) });
        Assert.Single(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Return(null, null), before, moved, new LeadEvent.Returned("ann", Because))));
        Assert.Empty(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Return(null, null), before, moved, new LeadEvent.StageEntered(0, "s", "p", Noon))));
    }

    [Fact]
    public void A_slot_that_goes_from_one_lead_to_another()
    {
        ILaw law = new SlotServesOne();
        var held = new SlotState(SlotPhase.Held, "p", Noon, Noon.AddHours(1), "l1", Noon);
        Assert.Single(law.OnTurn(Turn(EntityKind.DeliverySlot, new SlotCommand.Start("l2"), held, held with { LeadId = "l2" })));
        Assert.Empty(law.OnTurn(Turn(EntityKind.DeliverySlot, new SlotCommand.Start("l1"), held, held with { Phase = SlotPhase.Started })));
    }

    [Fact]
    public void A_lease_that_is_longer_than_the_process_grants()
    {
        ILaw law = new LeasesEnd();
        var process = Process.Empty with { OfferTimeout = TimeSpan.FromMinutes(5) };
        Assert.Empty(law.OnTurn(Turn(EntityKind.Flow, new FlowCommand.DefineProcess(process), new FlowState(), new FlowState(), new FlowEvent.ProcessDefined(process))));
        Assert.Single(law.OnTurn(Turn(EntityKind.Lead, new LeadCommand.Reopen(), new LeadState(), new LeadState(), new LeadEvent.Offered("ann", Noon.AddHours(3), Because))));
    }

    [Fact]
    public void A_spend_table_that_changes_and_keeps_its_version()
    {
        ILaw law = new SignalsRise();
        var line = new CampaignReport("ads", "google", null, OnSilence.Keep, SpendMode.Apply, Signal.Start, Noon, null, null);
        var after = new FlowState() with { Campaigns = new FlowState().Campaigns.SetItem("ads", line) };
        Assert.Single(law.OnTurn(Turn(EntityKind.Flow, new FlowCommand.CampaignReported(line), new FlowState(), after)));
        Assert.Empty(law.OnTurn(Turn(EntityKind.Flow, new FlowCommand.CampaignReported(line), new FlowState(), after with { SpendVersion = 1 })));
    }

    [Fact]
    public void A_campaign_that_spends_against_a_humans_word_or_without_approval()
    {
        ILaw law = new HumanWordStays();
        var paused = new CampaignState { Hold = new HumanHold(SpendAction.Pause, "no", null), Signal = new Signal(SpendAction.Pause, 0, Because) };
        Assert.Empty(law.OnTurn(Turn(EntityKind.Campaign, new CampaignCommand.Advise(Advice.Start), paused, paused)));
        Assert.Single(law.OnTurn(Turn(EntityKind.Campaign, new CampaignCommand.Advise(Advice.Start), paused, paused with { Signal = Signal.Start })));
        var careful = new CampaignState { Profile = CampaignProfile.Default with { Mode = SpendMode.Propose } };
        Assert.Single(law.OnTurn(Turn(EntityKind.Campaign, new CampaignCommand.Advise(Advice.Start), careful, careful, new CampaignEvent.SignalChanged(Signal.Start))));
    }

    [Fact]
    public void A_signal_that_changes_before_its_dwell_is_over()
    {
        ILaw law = new SignalsRest();
        var before = new CampaignState { ChangesTotal = 1, Since = Noon.AddMinutes(-1) };
        Assert.Single(law.OnTurn(Turn(EntityKind.Campaign, new CampaignCommand.Advise(Advice.Start), before, before, new CampaignEvent.SignalChanged(new Signal(SpendAction.Pause, 0, Because)))));
    }

    [Fact]
    public void An_effect_that_has_two_turns_and_one_that_overtakes_another()
    {
        ILaw once = new ExactlyOnce(), order = new OrderKept();
        TurnSeen From(long version, long sent) => Turn(EntityKind.Pool, new PoolCommand.Leave("l1"), new PoolState(), new PoolState()) with
        {
            Version = version, Cause = new Cause.Effect(new EffectId(Id(EntityKind.Lead, "l1"), sent, 0)),
        };
        Assert.Empty(once.OnTurn(From(1, 7)));
        Assert.Single(once.OnTurn(From(2, 7)));
        Assert.Single(once.OnTurn(From(9, 8)));
        Assert.Empty(order.OnTurn(From(1, 7)));
        Assert.Single(order.OnTurn(From(2, 6)));
    }

    [Fact]
    public void A_repeat_that_hears_something_else_and_a_lead_that_was_never_written()
    {
        ILaw same = new SameAnswer(), lost = new NeverLost(), reason = new EveryWaitHasReason();
        var request = new MeshRequest(Id(EntityKind.Contact, "c1"), new ContactCommand.Erase()) { IdempotencyKey = "k" };
        AnswerSeen Told(Answer answer) => new(request, answer, _ => null);
        Assert.Empty(same.OnAnswer(Told(new Answer.Done())));
        Assert.Single(same.OnAnswer(Told(new Answer.Done(Already: true))));
        Assert.Single(lost.OnAnswer(Told(new Captured("l1", IntakeDecision.Admitted, null, null, null, Because))));
        Assert.Single(reason.OnAnswer(Told(new Answer.Rejected(new Rejection("", RejectionKind.Conflict, "")))));
    }
}
