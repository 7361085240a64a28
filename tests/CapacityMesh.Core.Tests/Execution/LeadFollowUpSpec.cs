using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: a follow-up is one touch after the other, the first within the first response, none at night, none after a reply.
// Method: given, when, then on the decider alone; a table says what each happening does to a touch that is planned, due, or over.
public sealed class LeadFollowUpSpec
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static FollowUp Plan(QuietHours? quiet = null, TimeSpan? first = null) => new(
        [new FollowUpTouch(first ?? TimeSpan.FromMinutes(10), "call"), new FollowUpTouch(TimeSpan.FromDays(1), "email", "second-mail"), new FollowUpTouch(TimeSpan.FromDays(3), "call")], quiet);

    private static DeciderSpec<LeadState> Lead(FollowUp plan, DateTimeOffset at, string? zone = null)
    {
        var story = Sample.Story();
        var world = new FakeWorld().Publish(story with { Stages = story.Stages.SetItem(0, story.Stages[0] with { FollowUp = plan }) });
        var submission = Sample.Submission() with { TimeZone = zone };
        return new DeciderSpec<LeadState>(EntityKind.Lead, "l1", world, at)
            .Given(new LeadCommand.Open(submission, new Verdict(IntakeDecision.Admitted, 1, 1, null, Sample.Because)), new LeadCommand.OfferMade("ann", "discovery", at.AddMinutes(5), Sample.Because));
    }

    private static DeciderSpec<LeadState> Working() => Lead(Plan(), Sample.Monday).Given(new LeadCommand.Accept("ann"));

    private static LeadCommand.TimerElapsed Touch { get; } = new(LeadTimers.Touch);

    [Fact]
    public void The_first_touch_is_planned_with_the_acceptance() => Lead(Plan(), Sample.Monday).When(new LeadCommand.Accept("ann"))
        .ThenRecordsKinds("Accepted", "TouchPlanned").ThenSets(LeadTimers.Touch, Sample.Monday.AddMinutes(10)).ThenSets(LeadTimers.Contact, Sample.Monday + Hour);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_touch_falls_due_exactly_then_and_once(int seconds, bool due)
    {
        var spec = Working().At(Sample.Monday.AddMinutes(10).AddSeconds(seconds)).When(Touch);
        if (!due) spec.ThenNothing();
        else spec.ThenRecords(new LeadEvent.TouchDue(1, "call", null, "ann")).When(Touch).ThenNothing();
    }

    [Fact]
    public void A_contact_is_the_touch_and_the_next_waits_from_then() => Working().At(Sample.Monday.AddMinutes(30)).When(new LeadCommand.Contacted("ann"))
        .ThenRecords(
            new LeadEvent.Contacted("ann", Sample.Monday.AddMinutes(30).AddDays(14)), new LeadEvent.TouchMade(1, "call", "ann"),
            new LeadEvent.TouchPlanned(2, "email", "second-mail", Sample.Monday.AddMinutes(30).AddDays(1)))
        .ThenSets(LeadTimers.Touch, Sample.Monday.AddMinutes(30).AddDays(1));

    [Fact]
    public void The_channel_that_was_used_is_the_one_that_is_told() =>
        Working().When(new LeadCommand.Contacted("ann", "sms")).ThenIs(s => s.FollowUp!.Made, 1).ThenIs(s => s.FollowUp!.Channel, "email");

    [Fact]
    public void After_the_last_touch_there_are_no_more()
    {
        var spec = Working().Given(new LeadCommand.Contacted("ann"), new LeadCommand.Contacted("ann")).When(new LeadCommand.Contacted("ann"));
        spec.ThenRecordsKinds("Contacted", "TouchMade", "FollowUpEnded").ThenClears(LeadTimers.Touch).ThenIs(s => s.FollowUp!.Ended, LeadReasons.FollowUpDone);
        spec.When(new LeadCommand.Contacted("ann")).ThenRecordsKinds("Contacted");
    }

    [Fact]
    public void A_reply_ends_it_for_this_stage()
    {
        var spec = Working().When(new LeadCommand.Signal("reply", 30)).ThenRecordsKinds("SignalNoted", "FollowUpEnded").ThenClears(LeadTimers.Touch);
        spec.At(Sample.Monday.AddMinutes(10)).When(Touch).ThenNothing();
        spec.When(new LeadCommand.Contacted("ann")).ThenRecordsKinds("Contacted").ThenIs(s => s.FollowUp!.Ended, LeadReasons.Replied);
    }

    [Fact]
    public void Another_signal_ends_nothing() => Working().When(new LeadCommand.Signal("pageVisit", 5)).ThenRecordsKinds("SignalNoted").ThenIs(s => s.FollowUp!.IsOpen, true);

    [Fact]
    public void Work_that_comes_back_takes_its_touch_along_and_the_next_holder_goes_on_within_the_first_response()
    {
        var spec = Working().Given(new LeadCommand.Contacted("ann")).When(new LeadCommand.Return("ann", null)).ThenClears(LeadTimers.Touch).ThenIs(s => s.FollowUp!.IsOpen, false);
        spec.Given(new LeadCommand.OfferMade("bob", "discovery", spec.Now.AddMinutes(5), Sample.Because)).When(new LeadCommand.Accept("bob"))
            .ThenRecordsKinds("Accepted", "TouchPlanned").ThenIs(s => s.FollowUp!.Number, 2).ThenSets(LeadTimers.Touch, spec.Now + Hour);
    }

    [Fact]
    public void A_stage_without_a_plan_follows_nobody_up() => Working().Given(new LeadCommand.Complete("ann", StageOutcome.Passed, null, null)).ThenIs(s => s.FollowUp, null)
        .Given(new LeadCommand.OfferMade("eve", "review", Sample.Monday.AddMinutes(5), Sample.Because)).When(new LeadCommand.Accept("eve")).ThenRecordsKinds("Accepted");

    [Fact]
    public void Leaving_the_stage_clears_the_timer()
    {
        Working().When(new LeadCommand.Complete("ann", StageOutcome.Lost, null, null)).ThenClears(LeadTimers.Touch);
        Working().When(new LeadCommand.Retract(LeadReasons.Retracted)).ThenClears(LeadTimers.Touch);
        Working().Given(new LeadCommand.Complete("ann", StageOutcome.Lost, null, null)).At(Sample.Monday.AddDays(1)).When(Touch).ThenNothing();
    }

    [Fact]
    public void What_contradicts_the_promise_is_noted_without_the_words() => Working().When(new LeadCommand.Contacted("ann", null, "audit"))
        .ThenRecordsKinds("Contacted", "TouchMade", "TouchPlanned", "PromiseContradicted").ThenIs(s => s.Contradictions, 1);

    // Quiet from 20:00 to 08:00. Monday is 2 November 2026: winter time, so that Berlin is an hour ahead, New York five behind.
    [Theory]
    [InlineData("2026-11-02T12:00:00Z", "Europe/Berlin", "2026-11-02T12:10:00Z", "2026-11-02T13:00:00Z")] // by day
    [InlineData("2026-11-02T22:30:00Z", "Europe/Berlin", "2026-11-03T07:00:00Z", "2026-11-03T08:00:00Z")] // at night: all of the first response in the morning
    [InlineData("2026-11-02T18:30:00Z", "Europe/Berlin", "2026-11-02T18:40:00Z", "2026-11-03T07:30:00Z")] // half an hour is left today
    [InlineData("2026-11-02T18:55:00Z", "Europe/Berlin", "2026-11-03T07:00:00Z", "2026-11-03T07:55:00Z")] // the touch would fall into the night
    [InlineData("2026-11-02T22:30:00Z", "America/New_York", "2026-11-02T22:40:00Z", "2026-11-02T23:30:00Z")] // afternoon there
    [InlineData("2026-11-02T22:30:00Z", null, "2026-11-03T07:00:00Z", "2026-11-03T08:00:00Z")] // unknown: the plan's own zone
    [InlineData("2026-11-02T22:30:00Z", "Nowhere/Else", "2026-11-03T07:00:00Z", "2026-11-03T08:00:00Z")]
    public void Nobody_is_disturbed_at_night_and_the_first_response_does_not_run_then(string accepted, string? zone, string touch, string contact) =>
        Lead(Plan(new QuietHours(new TimeOnly(20, 0), new TimeOnly(8, 0), "Europe/Berlin")), Instant(accepted), zone).When(new LeadCommand.Accept("ann"))
            .ThenSets(LeadTimers.Touch, Instant(touch)).ThenSets(LeadTimers.Contact, Instant(contact));

    [Fact]
    public void Quiet_hours_within_a_day_end_on_that_day() =>
        Lead(Plan(new QuietHours(new TimeOnly(12, 0), new TimeOnly(14, 0), "UTC")), Instant("2026-11-02T12:30:00Z")).When(new LeadCommand.Accept("ann"))
            .ThenSets(LeadTimers.Touch, Instant("2026-11-02T14:00:00Z")).ThenSets(LeadTimers.Contact, Instant("2026-11-02T15:00:00Z"));

    // The table: what happens to a touch that is planned, due or over.
    [Theory]
    [InlineData("planned", "contacted", "TouchMade")]
    [InlineData("planned", "timer", "")]
    [InlineData("planned", "reply", "FollowUpEnded")]
    [InlineData("planned", "return", "")]
    [InlineData("planned", "complete", "")]
    [InlineData("due", "contacted", "TouchMade")]
    [InlineData("due", "timer", "")]
    [InlineData("due", "reply", "FollowUpEnded")]
    [InlineData("due", "return", "")]
    [InlineData("due", "complete", "")]
    [InlineData("over", "contacted", "")]
    [InlineData("over", "timer", "")]
    [InlineData("over", "reply", "")]
    [InlineData("over", "return", "")]
    [InlineData("over", "complete", "")]
    public void What_happens_to_a_touch(string touch, string happening, string first)
    {
        var spec = Working();
        if (touch == "due") spec.At(Sample.Monday.AddMinutes(10)).Given(Touch);
        if (touch == "over") spec.Given(new LeadCommand.Signal("reply", 1));
        var before = spec.State.FollowUp;
        spec.When(happening switch
        {
            "contacted" => new LeadCommand.Contacted("ann"),
            "timer" => Touch,
            "reply" => new LeadCommand.Signal("reply", 1),
            "return" => new LeadCommand.Return("ann", null),
            _ => new LeadCommand.Complete("ann", StageOutcome.Passed, null, null),
        });
        Assert.Equal(first, spec.Recorded.FirstOrDefault(e => e.StartsWith("Touch", StringComparison.Ordinal) || e == "FollowUpEnded") ?? "");
        if (happening is "return") Assert.Equal(before!.Rest(), spec.State.FollowUp);
        if (happening is "complete") Assert.Null(spec.State.FollowUp);
    }

    [Fact]
    public void At_any_time_one_touch_at_most_is_planned_or_due()
    {
        var random = new SeededRandom(11);
        for (var run = 0; run < 200; run++)
        {
            var spec = Working();
            for (var step = 0; step < 12; step++)
            {
                spec.After(TimeSpan.FromHours(random.Below(40)));
                if (spec.State.Phase is LeadPhase.Working) spec.When(random.Chance(50) ? Touch : new LeadCommand.Contacted("ann", random.Pick(new[] { "call", "email" })));
                var present = spec.State.FollowUp!;
                Assert.True(present.Number == 0 || present.Number == present.Made + 1, $"touch {present.Number} stands after {present.Made} were made");
                Assert.True(!present.IsDue || present.DueAt <= spec.Now);
            }
        }
    }

    [Theory]
    [InlineData(61, 0, "afterFirstResponse")]
    [InlineData(10, 93, "outOfRange")]
    public void A_plan_that_cannot_be_kept_is_refused(int firstMinutes, int secondDays, string code)
    {
        var errors = new FieldErrors();
        new FollowUp([new FollowUpTouch(TimeSpan.FromMinutes(firstMinutes), "call"), new FollowUpTouch(TimeSpan.FromDays(secondDays), "call")]).Check("stages[0].followUp", Hour, errors);
        Assert.Equal(code, Assert.Single(errors.All).Code);
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
