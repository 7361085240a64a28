using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: the lead's way before its first stage and after its last. Method: given, when, then on the decider alone.
public sealed class LeadGateSpec
{
    private static readonly Submission Submitted = Sample.Submission();

    private static LeadCommand.Open Open(IntakeDecision word, int version = 1) => new(Submitted, new Verdict(word, version, 3, null, Sample.Because));

    private static DeciderSpec<LeadState> Waitlisted() => Sample.Lead().Given(Open(IntakeDecision.Waitlisted));

    private static DeciderSpec<LeadState> Queued() => Sample.Lead().Given(Open(IntakeDecision.Admitted));

    private static DeciderSpec<LeadState> Deflected() => Sample.Lead().Given(Open(IntakeDecision.Deflected));

    [Fact]
    public void An_admitted_lead_enters_the_first_stage_and_its_pool() => Sample.Lead()
        .When(Open(IntakeDecision.Admitted))
        .ThenRecordsKinds("Opened", "Admitted", "StageEntered")
        .ThenSets(LeadTimers.Promise, Sample.Monday.AddDays(2))
        .ThenSends(EntityKind.Pool, "sales", new PoolCommand.Enqueue(new QueuedLead("l1", "discovery", 0, Sample.Monday, 1, 1, [], Sample.Monday) { FromGate = true }))
        .ThenSends(EntityKind.Campaign, "ads", new CampaignCommand.Count(Outcome.Captured, null))
        .ThenSends(EntityKind.Campaign, "ads", new CampaignCommand.Count(Outcome.Admitted, null))
        .ThenAnswers<Captured>(a => Assert.Equal((IntakeDecision.Admitted, "discovery", 3), (a.Decision, a.Stage, a.Position)));

    [Fact]
    public void A_waitlisted_lead_waits_as_long_as_the_process_says() => Sample.Lead()
        .When(Open(IntakeDecision.Waitlisted))
        .ThenRecordsKinds("Opened", "Waitlisted")
        .ThenSets(LeadTimers.Until, Sample.Monday.AddDays(14))
        .ThenSendsNoneTo(EntityKind.Pool);

    [Fact]
    public void A_lead_waits_even_before_any_process_is_published() => Sample.Lead()
        .When(Open(IntakeDecision.Waitlisted, version: 0)).ThenRecordsKinds("Opened", "Waitlisted");

    [Fact]
    public void A_deflected_lead_is_over_and_its_contact_is_told() => Sample.Lead()
        .When(Open(IntakeDecision.Deflected))
        .ThenRecordsKinds("Opened", "Deflected")
        .ThenSends(EntityKind.Contact, "c1", new ContactCommand.LeadEnded("l1"))
        .ThenIs(s => s.ClosedAt, Sample.Monday);

    [Fact]
    public void The_waitlist_lets_a_lead_in_on_the_version_of_that_moment() => Waitlisted()
        .After(TimeSpan.FromDays(1)).When(new LeadCommand.Admit(2, Sample.Because))
        .ThenRecordsKinds("Admitted", "StageEntered").ThenClears(LeadTimers.Until).ThenIs(s => s.Process, 2);

    [Fact]
    public void An_admission_that_comes_too_late_goes_back_to_Flow() => Waitlisted()
        .Given(new LeadCommand.Retract(LeadReasons.Retracted))
        .When(new LeadCommand.Admit(1, Sample.Because))
        .ThenRecords().ThenSends(EntityKind.Flow, "flow", new FlowCommand.AdmissionUnused("l1", 1));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(3600, true)]
    public void A_waitlist_place_expires_at_exactly_its_deadline(int secondsAfter, bool expires)
    {
        var spec = Waitlisted().After(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(secondsAfter)).When(new LeadCommand.TimerElapsed(LeadTimers.Until));
        if (!expires) spec.ThenRecords().ThenSets(LeadTimers.Until, Sample.Monday.AddDays(14));
        else spec.ThenRecords(new LeadEvent.Expired(LeadReasons.WaitlistExpired)).ThenSends(EntityKind.Flow, "flow", new FlowCommand.LeftWaitlist("l1"));
    }

    [Fact]
    public void A_timer_that_fires_twice_expires_a_lead_once() => Waitlisted().After(TimeSpan.FromDays(14))
        .Given(new LeadCommand.TimerElapsed(LeadTimers.Until)).When(new LeadCommand.TimerElapsed(LeadTimers.Until)).ThenNothing();

    [Fact]
    public void Asking_again_joins_the_open_lead() => Queued()
        .When(new LeadCommand.Merge(Sample.Submission("l2", campaign: "search")))
        .ThenRecords(new LeadEvent.SignalNoted("captured", LeadMachine.CapturePoints, "search"))
        .ThenAnswers<Captured>(a => Assert.Equal(("l1", IntakeDecision.Merged), (a.LeadId, a.Decision)));

    [Fact]
    public void Asking_again_just_after_the_end_goes_back_to_the_contact_and_starts_a_new_lead() => Deflected()
        .When(new LeadCommand.Merge(Sample.Submission("l2")))
        .ThenRecords().ThenSends(EntityKind.Contact, "c1", new ContactCommand.Capture(Sample.Submission("l2")));

    [Fact]
    public void Intent_has_a_limit() => Queued()
        .Given([.. Enumerable.Range(0, 20).Select(_ => new LeadCommand.Signal("visit", 100))]).When(new LeadCommand.Signal("visit", 1)).ThenIs(s => s.Intent, 1_000);

    [Fact]
    public void A_closed_lead_hears_no_signals() => Deflected().When(new LeadCommand.Signal("visit", 5)).ThenNothing();

    [Fact]
    public void A_lead_taken_back_from_the_gate_leaves_the_waitlist() => Waitlisted()
        .When(new LeadCommand.Retract(LeadReasons.Retracted))
        .ThenRecords(new LeadEvent.Retracted(LeadReasons.Retracted))
        .ThenSends(EntityKind.Flow, "flow", new FlowCommand.LeftWaitlist("l1"))
        .ThenClears(LeadTimers.Until, LeadTimers.Promise, LeadTimers.Contact);

    [Fact]
    public void A_lead_taken_back_from_a_queue_leaves_its_pool() => Queued()
        .When(new LeadCommand.Retract(LeadReasons.Retracted)).ThenSends(EntityKind.Pool, "sales", new PoolCommand.Leave("l1"));

    [Fact]
    public void Taking_back_twice_is_once() => Queued().Given(new LeadCommand.Retract(LeadReasons.Retracted)).When(new LeadCommand.Retract(LeadReasons.Retracted)).ThenNothing();

    [Fact]
    public void A_lead_that_never_passed_the_gate_reopens_before_it() => Deflected()
        .When(new LeadCommand.Reopen())
        .ThenRecords(new LeadEvent.Reopened())
        .ThenSends(EntityKind.Flow, "flow", new FlowCommand.Admit(Submitted))
        .ThenSends(EntityKind.Contact, "c1", new ContactCommand.LeadReopened("l1"));

    [Fact]
    public void A_lead_that_passed_the_gate_reopens_at_the_stage_where_it_ended() => Queued()
        .Given(new LeadCommand.Retract(LeadReasons.Retracted)).After(TimeSpan.FromDays(9))
        .When(new LeadCommand.Reopen()).ThenRecordsKinds("Reopened", "StageEntered")
        .ThenSends(EntityKind.Pool, "sales", new PoolCommand.Enqueue(new QueuedLead("l1", "discovery", 0, Sample.Monday.AddDays(9), 1, 1, [], Sample.Monday)));

    [Fact]
    public void A_reopened_lead_that_is_taken_back_before_the_gate_speaks_returns_the_admission() => Deflected()
        .Given(new LeadCommand.Reopen(), new LeadCommand.Retract(LeadReasons.Retracted))
        .When(Open(IntakeDecision.Admitted)).ThenRecords().ThenSends(EntityKind.Flow, "flow", new FlowCommand.AdmissionUnused("l1", 1));

    [Fact]
    public void An_erasure_that_overtakes_the_gate_closes_a_lead_that_never_opened() => Sample.Lead()
        .Given(new LeadCommand.Retract(LeadReasons.Erased))
        .When(Open(IntakeDecision.Waitlisted)).ThenRecords().ThenSends(EntityKind.Flow, "flow", new FlowCommand.LeftWaitlist("l1")).ThenIs(s => s.Phase, LeadPhase.Retracted);

    [Fact]
    public void An_erased_lead_stays_closed() => Queued().Given(new LeadCommand.Retract(LeadReasons.Erased)).When(new LeadCommand.Reopen()).ThenRejects(LeadRejections.Erased);

    [Fact]
    public void An_open_lead_cannot_be_reopened() => Queued().When(new LeadCommand.Reopen()).ThenRejects(LeadRejections.NotClosed);

    public static TheoryData<string> Asked => [.. new[] { "Accept", "Decline", "Assign", "Contacted", "Complete", "Return", "Book", "Start" }];

    private static LeadCommand Ask(string name) => name switch
    {
        "Accept" => new LeadCommand.Accept("ann"),
        "Decline" => new LeadCommand.Decline("ann", null),
        "Assign" => new LeadCommand.Assign("ann", false),
        "Contacted" => new LeadCommand.Contacted("ann"),
        "Complete" => new LeadCommand.Complete("ann", StageOutcome.Passed, null, null),
        "Return" => new LeadCommand.Return("ann", null),
        "Book" => new LeadCommand.Book("s1"),
        _ => new LeadCommand.Start(),
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public void A_lead_nobody_heard_of_refuses_first_of_all(string name) => Sample.Lead().When(Ask(name)).ThenRejects(LeadRejections.Unknown);

    [Theory]
    [MemberData(nameof(Asked))]
    public void A_closed_lead_refuses_before_anything_else(string name) => Deflected().When(Ask(name)).ThenRejects(LeadRejections.Closed);

    [Theory]
    [InlineData("Assign")]
    [InlineData("Complete")]
    [InlineData("Book")]
    public void A_lead_at_the_gate_says_so_before_it_speaks_of_stages(string name) => Waitlisted().When(Ask(name)).ThenRejects(LeadRejections.NotAdmitted);
}
