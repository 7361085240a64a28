using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Capture;

// Goal: one person has one open lead, and erasure is for good. Method: given, when, then on the decider alone.
public sealed class ContactSpec
{
    private static ContactCommand.Capture Capture(string lead = "l1") => new(Sample.Submission(lead));

    private static DeciderSpec<ContactState> Engaged() => Sample.Contact().Given(Capture());

    private static DeciderSpec<ContactState> BesideNewer() => Engaged().Given(new ContactCommand.LeadReopened("l0"));

    private static DeciderSpec<ContactState> Erased() => Engaged().Given(new ContactCommand.Erase());

    [Fact]
    public void What_reached_a_person_before_they_asked_goes_with_the_lead_and_starts_anew()
    {
        var spec = Sample.Contact().Given(new ContactCommand.Signal("pageVisit", 40, "social")).After(TimeSpan.FromDays(7)).Given(new ContactCommand.Signal("pageVisit", 10, "ads")).When(new ContactCommand.Capture(Sample.Submission()));
        var led = Sample.Submission() with { Touches = [new Touch("social", Sample.Monday, "pageVisit"), new Touch("ads", Sample.Monday.AddDays(7), "pageVisit")], Intent = 30 };
        spec.ThenSends(EntityKind.Flow, "flow", new FlowCommand.Admit(led)).ThenIs(s => s.Touches.Length, 0).ThenIs(s => s.Intent, 0);
    }

    [Fact]
    public void What_a_browser_had_seen_and_what_the_person_did_are_one_history()
    {
        var seen = new Touch("search", Sample.Monday.AddDays(-3), "pageVisit");
        Sample.Contact().Given(new ContactCommand.Signal("pageVisit", 5, "ads")).When(new ContactCommand.Capture(Sample.Submission() with { Touches = [seen] }))
            .ThenSends(EntityKind.Flow, "flow", new FlowCommand.Admit(Sample.Submission() with { Touches = [seen, new Touch("ads", Sample.Monday, "pageVisit")], Intent = 5 }));
    }

    [Fact]
    public void Of_too_many_touches_the_first_and_the_newest_stay()
    {
        var spec = Sample.Contact();
        for (var i = 0; i < 50; i++) spec.After(TimeSpan.FromMinutes(1)).Given(new ContactCommand.Signal("pageVisit", 1, $"c{i}"));
        Assert.Equal(["c0", .. Enumerable.Range(31, 19).Select(i => $"c{i}")], spec.State.Touches.Select(t => t.Campaign));
    }

    [Fact]
    public void A_first_request_starts_a_lead_and_goes_to_the_gate() => Sample.Contact().When(Capture())
        .ThenRecords(new ContactEvent.LeadStarted("l1")).ThenSends(EntityKind.Flow, "flow", new FlowCommand.Admit(Sample.Submission()));

    [Fact]
    public void The_same_lead_again_is_done_already() => Engaged().When(Capture()).ThenNothing();

    [Fact]
    public void A_second_request_joins_the_open_lead() => Engaged().When(Capture("l2"))
        .ThenRecords(new ContactEvent.SignalReceived("captured", LeadMachine.CapturePoints)).ThenSends(EntityKind.Lead, "l1", new LeadCommand.Merge(Sample.Submission("l2")));

    [Fact]
    public void After_the_end_a_request_starts_a_new_lead() => Engaged().Given(new ContactCommand.LeadEnded("l1")).When(Capture("l2")).ThenRecords(new ContactEvent.LeadStarted("l2")).ThenIs(s => s.Leads, 2);

    [Fact]
    public void A_signal_reaches_the_open_lead_if_there_is_one()
    {
        Engaged().When(new ContactCommand.Signal("visit", 5)).ThenSends(EntityKind.Lead, "l1", new LeadCommand.Signal("visit", 5));
        Sample.Contact().When(new ContactCommand.Signal("visit", 5)).ThenRecordsKinds("SignalReceived").ThenSendsNoneTo(EntityKind.Lead).ThenIs(s => s.Phase, ContactPhase.Known);
    }

    [Fact]
    public void The_end_of_another_lead_is_not_the_end_of_this_one() => Engaged().When(new ContactCommand.LeadEnded("l9")).ThenNothing();

    [Fact]
    public void A_reopened_lead_takes_the_identity_back_unless_a_newer_one_has_it()
    {
        Engaged().Given(new ContactCommand.LeadEnded("l1")).When(new ContactCommand.LeadReopened("l1")).ThenRecords(new ContactEvent.LeadReopened("l1"));
        Engaged().When(new ContactCommand.LeadReopened("l0")).ThenRecords(new ContactEvent.LeadReopened("l0")).ThenIs(s => s.OpenLead, "l1");
        Engaged().When(new ContactCommand.LeadReopened("l1")).ThenNothing();
    }

    // Found by the law checker: a lead that was reopened beside a newer one stayed open when its person was erased.
    [Fact]
    public void Erasure_takes_back_every_open_lead_not_only_the_newest() => BesideNewer().When(new ContactCommand.Erase())
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.Retract(LeadReasons.Erased)).ThenSends(EntityKind.Lead, "l0", new LeadCommand.Retract(LeadReasons.Erased));

    [Fact]
    public void The_older_lead_takes_the_identity_when_the_newer_one_ends() =>
        BesideNewer().When(new ContactCommand.LeadEnded("l1")).ThenIs(s => s.OpenLead, "l0").ThenIs(s => s.Phase, ContactPhase.Engaged);

    [Fact]
    public void The_end_of_the_older_lead_leaves_the_newer_one() =>
        BesideNewer().When(new ContactCommand.LeadEnded("l0")).ThenIs(s => s.OpenLead, "l1").ThenIs(s => s.AlsoOpen.Length, 0);

    [Fact]
    public void No_more_leads_than_one_person_may_have_are_reopened()
    {
        var spec = Engaged();
        for (var i = 0; i < Limits.ReopenedBesideMax; i++) spec.Given(new ContactCommand.LeadReopened($"old-{i}"));
        spec.When(new ContactCommand.LeadReopened("l0")).ThenRecords();
        Assert.Equal(["l0"], spec.Sent<LeadCommand.Retract>());
    }

    [Fact]
    public void Erasure_takes_the_open_lead_back() => Engaged().When(new ContactCommand.Erase())
        .ThenRecords(new ContactEvent.Erased()).ThenSends(EntityKind.Lead, "l1", new LeadCommand.Retract(LeadReasons.Erased)).ThenIs(s => s.OpenLead, null);

    [Fact]
    public void An_erased_contact_takes_nothing_any_more()
    {
        Erased().When(new ContactCommand.Erase()).ThenNothing();
        Erased().When(Capture("l2")).ThenRejects(ContactRejections.Erased);
        Erased().When(new ContactCommand.Signal("visit", 5)).ThenRejects(ContactRejections.Erased);
        Erased().When(new ContactCommand.LeadEnded("l1")).ThenNothing();
    }

    [Fact]
    public void A_lead_that_reopens_after_the_erasure_is_taken_back() => Erased().When(new ContactCommand.LeadReopened("l1")).ThenRecords()
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.Retract(LeadReasons.Erased));

    [Fact]
    public void Nobody_can_be_erased_who_was_never_known() => Sample.Contact().When(new ContactCommand.Erase()).ThenRejects(ContactRejections.Unknown);
}
