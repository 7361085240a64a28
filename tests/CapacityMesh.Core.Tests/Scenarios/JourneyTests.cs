using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Scenarios;

// Goal: the machines together do what each promises alone. Method: the seed story on all machines joined; after every step the laws over all of them.
public sealed class JourneyTests
{
    private readonly Network net = new();

    public JourneyTests()
    {
        net.AskFlow(new FlowCommand.DefineProcess(Sample.Story()));
        foreach (var person in new[] { "ann", "bob" }) net.Ask(EntityKind.Salesperson, person, new SalespersonCommand.Configure(Sample.Profile()));
        net.Ask(EntityKind.Salesperson, "fay", new SalespersonCommand.Configure(Sample.Profile("founder")));
        net.Ask(EntityKind.Campaign, "ads", new CampaignCommand.Configure(Sample.Campaign(value: 900)));
        for (var i = 1; i <= 3; i++) PlanSlot($"s{i}", i * 9);
    }

    private void PlanSlot(string id, int day) => net.Ask(EntityKind.Pool, "onboarding", new PoolCommand.PlanSlot(id, Sample.Monday.AddDays(day), Sample.Monday.AddDays(day).AddHours(8)));

    private Captured Capture(string lead, string? contact = null) =>
        Assert.IsType<Captured>(net.Ask(EntityKind.Contact, contact ?? $"c-{lead}", new ContactCommand.Capture(Sample.Submission(lead, contact ?? $"c-{lead}"))));

    private LeadState Lead(string id = "l1") => net.Get<LeadState>(EntityKind.Lead, id);

    private FlowState Flow => net.Get<FlowState>(EntityKind.Flow, "flow");

    private void Ask(LeadCommand command, string lead = "l1")
    {
        Assert.IsType<Answer.Done>(net.Ask(EntityKind.Lead, lead, command));
        MeshLaws.CheckQuiet(net);
    }

    private void Pass(string person, string lead = "l1")
    {
        Ask(new LeadCommand.Accept(person), lead);
        Ask(new LeadCommand.Contacted(person), lead);
        Ask(new LeadCommand.Complete(person, StageOutcome.Passed, null, null), lead);
    }

    [Fact]
    public void A_lead_goes_from_capture_to_delivered()
    {
        var captured = Capture("l1");
        Assert.Equal((IntakeDecision.Admitted, "discovery", 1), (captured.Decision, captured.Stage, captured.Position));
        Assert.Equal((LeadPhase.Offered, "ann"), (Lead().Phase, Lead().Person));
        Pass("ann");
        Assert.Equal((LeadPhase.Offered, "fay"), (Lead().Phase, Lead().Person));
        Pass("fay");
        Assert.Equal((LeadPhase.Held, "s1", true), (Lead().Phase, Lead().Slot, Lead().Won));
        Ask(new LeadCommand.Book("s1"));
        Ask(new LeadCommand.Start());
        Assert.Equal(SlotPhase.Started, net.Get<SlotState>(EntityKind.DeliverySlot, "s1").Phase);
        Ask(new LeadCommand.Complete(null, StageOutcome.Passed, null, null));
        Assert.Equal((LeadPhase.Delivered, SlotPhase.Completed), (Lead().Phase, net.Get<SlotState>(EntityKind.DeliverySlot, "s1").Phase));
        var counted = net.Get<CampaignState>(EntityKind.Campaign, "ads");
        Assert.Equal([1, 1, 1, 1], new[] { Outcome.Captured, Outcome.Admitted, Outcome.Won, Outcome.Delivered }.Select(counted.CountOf));
        Assert.Equal(ContactPhase.Known, net.Get<ContactState>(EntityKind.Contact, "c-l1").Phase);
        Assert.Empty(net.Refused);
    }

    [Fact]
    public void Three_slots_a_month_let_in_no_more_leads_than_they_can_carry()
    {
        Assert.Equal("onboarding", Flow.Constraint!.Pool);
        var words = Enumerable.Range(0, 30).Select(i => Capture($"l{i}").Decision).ToArray();
        Assert.Equal(6, words.Count(w => w is IntakeDecision.Admitted));
        Assert.Equal(24, Flow.Waitlist.Count);
        MeshLaws.CheckQuiet(net);
        for (var i = 4; i < 20; i++) PlanSlot($"s{i}", i);
        Assert.Equal(0, Flow.Waitlist.Count);
        MeshLaws.CheckQuiet(net);
    }

    [Fact]
    public void An_unanswered_offer_goes_to_the_other_person_and_nobody_is_left_without_a_timer()
    {
        Capture("l1");
        net.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((LeadPhase.Offered, "bob", 2), (Lead().Phase, Lead().Person, Lead().Offers));
        net.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(LeadPhase.Queued, Lead().Phase);
        MeshLaws.CheckQuiet(net);
        net.Advance(TimeSpan.FromMinutes(55));
        Assert.Equal((LeadPhase.Offered, 3), (Lead().Phase, Lead().Offers));
        MeshLaws.CheckQuiet(net);
    }

    [Fact]
    public void An_assignment_that_crosses_an_offer_debits_exactly_one_person()
    {
        Capture("l1");
        Ask(new LeadCommand.Assign("bob", false));
        Assert.Equal((LeadPhase.Working, "bob"), (Lead().Phase, Lead().Person));
        Assert.Equal(0, SalespersonCapacity.Used(net.Get<SalespersonState>(EntityKind.Salesperson, "ann"), net.Now));
    }

    [Fact]
    public void A_refused_assignment_is_answered_by_whoever_refused()
    {
        Capture("l1");
        var answer = Assert.IsType<Answer.Rejected>(net.Ask(EntityKind.Lead, "l1", new LeadCommand.Assign("fay", false)));
        Assert.Equal(SalespersonRejections.NotInPool.Code, answer.Rejection.Code);
        MeshLaws.CheckQuiet(net);
    }

    [Fact]
    public void Removing_a_person_with_open_work_puts_it_back_and_to_others()
    {
        foreach (var i in Enumerable.Range(0, 4)) Capture($"l{i}");
        foreach (var (id, lead) in net.All<LeadState>(EntityKind.Lead).ToArray()) Ask(new LeadCommand.Accept(lead.Person!), id);
        net.Ask(EntityKind.Salesperson, "ann", new SalespersonCommand.Remove());
        MeshLaws.CheckQuiet(net);
        Assert.All(net.All<LeadState>(EntityKind.Lead), l => Assert.Equal("bob", l.State.Person));
    }

    [Fact]
    public void Asking_twice_is_one_lead_and_asking_after_the_end_is_another()
    {
        Capture("l1", "c");
        Assert.Equal((IntakeDecision.Merged, "l1"), (Capture("l2", "c") is var again ? (again.Decision, again.LeadId) : default));
        Ask(new LeadCommand.Retract(LeadReasons.Retracted));
        Assert.Equal(IntakeDecision.Admitted, Capture("l3", "c").Decision);
        MeshLaws.CheckQuiet(net);
    }

    [Fact]
    public void An_erased_person_is_served_no_more_wherever_their_lead_was()
    {
        Capture("l1", "c");
        Ask(new LeadCommand.Accept("ann"));
        net.Ask(EntityKind.Contact, "c", new ContactCommand.Erase());
        Assert.Equal(LeadPhase.Retracted, Lead().Phase);
        MeshLaws.CheckQuiet(net);
        Assert.IsType<Answer.Rejected>(net.Ask(EntityKind.Lead, "l1", new LeadCommand.Reopen()));
    }

    [Fact]
    public void An_erasure_in_the_same_moment_as_the_capture_serves_nobody()
    {
        for (var seed = 0UL; seed < 20; seed++)
        {
            var race = new Network(seed);
            race.AskFlow(new FlowCommand.DefineProcess(Sample.Story()));
            race.Post(EntityKind.Contact, "c", new ContactCommand.Capture(Sample.Submission("l1", "c")));
            race.Post(EntityKind.Contact, "c", new ContactCommand.Erase());
            race.Settle();
            Assert.Equal(LeadPhase.Retracted, race.Get<LeadState>(EntityKind.Lead, "l1").Phase);
            MeshLaws.CheckQuiet(race);
        }
    }

    [Fact]
    public void A_lead_in_flight_ends_on_its_own_version_of_the_process()
    {
        Capture("l1");
        var shorter = Sample.Story() with { Stages = Sample.Story().Stages.RemoveAt(1) };
        net.AskFlow(new FlowCommand.DefineProcess(shorter));
        Capture("l2");
        Pass(Lead("l1").Person!, "l1");
        Pass(Lead("l2").Person!, "l2");
        Assert.Equal(("review", "onboarding"), (Lead("l1").Stage, Lead("l2").Stage));
        MeshLaws.CheckQuiet(net);
    }

    [Fact]
    public void A_hold_nobody_books_lapses_and_the_slot_serves_another()
    {
        Capture("l1");
        Pass("ann");
        Pass("fay");
        Assert.Equal("s1", Lead().Slot);
        net.Advance(TimeSpan.FromDays(1));
        Assert.Equal(LeadPhase.Held, Lead().Phase);
        MeshLaws.CheckQuiet(net);
        net.Ask(EntityKind.DeliverySlot, Lead().Slot!, new SlotCommand.Withdraw());
        MeshLaws.CheckQuiet(net);
        Assert.Equal("s2", Lead().Slot);
    }

    [Fact]
    public void A_saturated_business_pauses_its_campaign_and_brings_it_back_in_full()
    {
        for (var i = 0; i < 14; i++) Capture($"l{i}");
        net.Advance(TimeSpan.FromHours(3));
        Assert.Equal(SpendAction.Pause, net.Get<CampaignState>(EntityKind.Campaign, "ads").Phase);
        for (var i = 4; i < 26; i++) PlanSlot($"s{i}", i);
        foreach (var person in Enumerable.Range(0, 9)) net.Ask(EntityKind.Salesperson, $"p{person}", new SalespersonCommand.Configure(Sample.Profile(weekly: 200, concurrent: 50) with { Pools = ["sales", "founder"] }));
        foreach (var (id, _) in net.All<LeadState>(EntityKind.Lead).ToArray()) net.Ask(EntityKind.Lead, id, new LeadCommand.Retract(LeadReasons.Retracted));
        net.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, Flow.Plan["ads"]);
        Assert.Equal(SpendAction.Run, net.Get<CampaignState>(EntityKind.Campaign, "ads").Phase);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static string Run()
        {
            var workload = new Workload(4711, overtaking: true);
            for (var i = 0; i < 80; i++)
            {
                workload.Act();
                workload.Pass();
            }
            return Json.Of(workload.Net.Get<FlowState>(EntityKind.Flow, "flow")) + workload.Net.Turns;
        }
        Assert.Equal(Run(), Run());
    }
}
