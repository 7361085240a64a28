using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: a slot serves one lead, and its time ends by its own clock. Method: given, when, then on the decider alone.
public sealed class SlotSpec
{
    private static readonly DateTimeOffset Starts = Sample.Monday.AddDays(3);
    private static readonly DateTimeOffset Ends = Starts.AddHours(4);

    private static DeciderSpec<SlotState> Open() => Sample.Slot().Given(new SlotCommand.Configure("onboarding", Starts, Ends));

    private static DeciderSpec<SlotState> Held() => Open().Given(new SlotCommand.Hold("l1", "onboarding", TimeSpan.FromDays(1)));

    private static DeciderSpec<SlotState> Booked() => Held().Given(Book("l1"));

    private static DeciderSpec<SlotState> Started() => Booked().Given(new SlotCommand.Start("l1"));

    private static SlotCommand.Book Book(string lead, string pool = "onboarding") => new(lead, "onboarding", pool);

    private static PoolCommand.SlotReported Report(SlotPhase phase) => new("s1", phase, Starts, Ends);

    [Fact]
    public void A_planned_slot_is_open_and_ends_by_itself() => Sample.Slot()
        .When(new SlotCommand.Configure("onboarding", Starts, Ends)).ThenRecords(new SlotEvent.Planned("onboarding", Starts, Ends))
        .ThenSets(SlotTimers.End, Ends).ThenSends(EntityKind.Pool, "onboarding", Report(SlotPhase.Open));

    [Fact]
    public void Planning_the_same_again_changes_nothing() => Open().When(new SlotCommand.Configure("onboarding", Starts, Ends)).ThenNothing();

    [Fact]
    public void A_hold_is_offered_to_the_lead_until_it_lapses() => Open()
        .When(new SlotCommand.Hold("l1", "onboarding", TimeSpan.FromDays(1)))
        .ThenRecords(new SlotEvent.Held("l1", Sample.Monday.AddDays(1))).ThenSets(SlotTimers.Hold, Sample.Monday.AddDays(1))
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.SlotHeld("s1", "onboarding", Starts, Sample.Monday.AddDays(1)));

    [Fact]
    public void A_hold_never_outlives_the_slot() => Open().When(new SlotCommand.Hold("l1", "onboarding", TimeSpan.FromDays(9))).ThenSets(SlotTimers.Hold, Ends);

    [Fact]
    public void A_taken_slot_refuses_to_be_held() => Held()
        .When(new SlotCommand.Hold("l2", "onboarding", TimeSpan.FromDays(1))).ThenRecords()
        .ThenSends(EntityKind.Pool, "onboarding", new PoolCommand.SlotRefused("l2", "s1"));

    [Fact]
    public void Holding_twice_for_one_lead_is_once() => Held().When(new SlotCommand.Hold("l1", "onboarding", TimeSpan.FromDays(1))).ThenNothing();

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_hold_lapses_at_exactly_its_end(int seconds, bool lapsed)
    {
        var spec = Held().At(Sample.Monday.AddDays(1).AddSeconds(seconds)).When(new SlotCommand.TimerElapsed(SlotTimers.Hold));
        if (!lapsed) spec.ThenNothing();
        else spec.ThenRecords(new SlotEvent.HoldLapsed("l1")).ThenSends(EntityKind.Lead, "l1", new LeadCommand.SlotGone("s1", SlotReasons.HoldLapsed)).ThenSends(EntityKind.Pool, "onboarding", Report(SlotPhase.Open));
    }

    [Fact]
    public void A_hold_timer_after_the_booking_is_late() => Booked().At(Sample.Monday.AddDays(1)).When(new SlotCommand.TimerElapsed(SlotTimers.Hold)).ThenNothing();

    [Fact]
    public void A_booking_is_answered_by_the_lead() => Held().When(Book("l1"))
        .ThenRecords(new SlotEvent.Booked("l1")).ThenClears(SlotTimers.Hold)
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.SlotBooked("s1", "onboarding", Starts, Ends)).ThenIs(s => s.HeldUntil, null);

    [Fact]
    public void Any_lead_of_the_pool_may_book_an_open_slot() => Open().When(Book("l9")).ThenRecords(new SlotEvent.Booked("l9"));

    [Fact]
    public void Booking_refusals_come_in_order()
    {
        Sample.Slot().When(Book("l1")).ThenRejects(SlotRejections.Unknown);
        Open().Given(new SlotCommand.Withdraw()).At(Ends).When(Book("l1", "other")).ThenRejects(SlotRejections.Withdrawn);
        Held().At(Ends).When(Book("l2", "other")).ThenRejects(SlotRejections.Over);
        Held().When(Book("l2", "other")).ThenRejects(SlotRejections.OtherPool);
        Held().When(Book("l2")).ThenRejects(SlotRejections.TakenByAnotherLead);
        Started().When(Book("l2")).ThenRejects(SlotRejections.TakenByAnotherLead);
        Started().When(Book("l1")).ThenNothing();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_slot_nobody_started_is_missed_at_exactly_its_end(int seconds, bool missed)
    {
        foreach (var spec in new[] { Open(), Held(), Booked() })
        {
            var lead = spec.State.LeadId;
            spec.At(Ends.AddSeconds(seconds)).When(new SlotCommand.TimerElapsed(SlotTimers.End));
            if (missed) spec.ThenRecords(new SlotEvent.Missed(lead)).ThenSends(EntityKind.Pool, "onboarding", Report(SlotPhase.Missed));
            else spec.ThenNothing();
            if (missed && lead is not null) spec.ThenSends(EntityKind.Lead, lead, new LeadCommand.SlotGone("s1", SlotReasons.Missed));
        }
    }

    [Fact]
    public void A_started_slot_does_not_end_by_the_clock() => Started().At(Ends).When(new SlotCommand.TimerElapsed(SlotTimers.End)).ThenNothing();

    [Fact]
    public void A_released_slot_is_open_again()
    {
        Held().When(new SlotCommand.Release("l1")).ThenRecords(new SlotEvent.Released("l1")).ThenClears(SlotTimers.Hold);
        Booked().When(new SlotCommand.Release("l1")).ThenRecords(new SlotEvent.Released("l1"));
        Held().When(new SlotCommand.Release("l2")).ThenNothing();
        Held().When(new SlotCommand.Release("l1", Sample.Monday)).ThenNothing();
        Open().When(new SlotCommand.Release("l1")).ThenNothing();
    }

    [Fact]
    public void A_delivery_that_is_broken_off_has_used_the_slot() => Started().When(new SlotCommand.Release("l1")).ThenRecords(new SlotEvent.Completed("l1"));

    [Fact]
    public void Delivery_runs_from_booked_to_completed()
    {
        Booked().When(new SlotCommand.Start("l1")).ThenRecords(new SlotEvent.Started("l1")).ThenClears(SlotTimers.End);
        Held().When(new SlotCommand.Start("l1")).ThenNothing();
        Started().When(new SlotCommand.Complete("l1")).ThenRecords(new SlotEvent.Completed("l1"));
        Started().When(new SlotCommand.Complete("l2")).ThenNothing();
    }

    [Fact]
    public void A_withdrawn_slot_sends_its_lead_back()
    {
        foreach (var spec in new[] { Held(), Booked() })
        {
            spec.When(new SlotCommand.Withdraw()).ThenRecords(new SlotEvent.Withdrawn("l1")).ThenSends(EntityKind.Lead, "l1", new LeadCommand.SlotGone("s1", SlotReasons.Withdrawn)).ThenClears(SlotTimers.Hold, SlotTimers.End);
        }
        Open().Given(new SlotCommand.Withdraw()).When(new SlotCommand.Withdraw()).ThenNothing();
        Started().When(new SlotCommand.Withdraw()).ThenRejects(SlotRejections.InUse);
        Started().Given(new SlotCommand.Complete("l1")).When(new SlotCommand.Withdraw()).ThenRejects(SlotRejections.Over);
    }

    [Fact]
    public void A_withdrawn_slot_may_be_planned_again() => Open().Given(new SlotCommand.Withdraw()).When(new SlotCommand.Configure("onboarding", Starts, Ends)).ThenRecordsKinds("Planned");

    [Fact]
    public void A_slot_that_refuses_its_plan_tells_the_pool_where_it_is()
    {
        Refused(Booked(), "onboarding", SlotRejections.TakenByAnotherLead).ThenSends(EntityKind.Pool, "onboarding", Report(SlotPhase.Booked));
        Refused(Started(), "onboarding", SlotRejections.InUse).ThenSends(EntityKind.Pool, "onboarding", Report(SlotPhase.Started));
        Refused(Open().At(Ends).Given(new SlotCommand.TimerElapsed(SlotTimers.End)), "onboarding", SlotRejections.Over).ThenSends(EntityKind.Pool, "onboarding", Report(SlotPhase.Missed));
        Refused(Open(), "elsewhere", SlotRejections.OtherPool).ThenSends(EntityKind.Pool, "elsewhere", Report(SlotPhase.Withdrawn));
    }

    [Fact]
    public void A_confirmation_of_a_booking_that_is_gone_tells_the_lead()
    {
        var slot = Machine.For(EntityKind.DeliverySlot);
        var spec = Booked();
        var confirmed = slot.Decide(spec.State, Book("l2"), new Turn(spec.Self, spec.Now, new FakeWorld()));
        var told = Assert.IsType<LeadCommand.SlotGone>(Assert.IsType<Effect.Send>(Assert.Single(confirmed.Effects)).Command);
        Assert.Equal(SlotRejections.TakenByAnotherLead.Code, told.Because.Code);
    }

    private static DeciderSpec<SlotState> Refused(DeciderSpec<SlotState> spec, string pool, Rejection rejection) =>
        spec.When(new SlotCommand.Configure(pool, Starts.AddDays(1), Ends.AddDays(1))).ThenRecords()
            .ThenAnswers<Answer.Rejected>(a => Assert.Equal(rejection.Code, a.Rejection.Code));
}
