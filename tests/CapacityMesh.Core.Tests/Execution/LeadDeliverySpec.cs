using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: a stage of slots from hold to delivery, and every way back into the queue. Method: given, when, then on the decider alone.
public sealed class LeadDeliverySpec
{
    private static readonly DateTimeOffset Starts = Sample.Monday.AddDays(10);
    private static readonly DateTimeOffset Ends = Starts.AddHours(4);

    private static DeciderSpec<LeadState> Queued() => Sample.Lead().Given(
        new LeadEvent.Opened("c1", "ads", Sample.Monday, [], null), new LeadEvent.Admitted(1, 1, null, Sample.Because),
        new LeadEvent.StageEntered(2, "onboarding", "onboarding", Sample.Monday.AddDays(30)));

    private static LeadCommand.SlotHeld Hold(string slot = "s1") => new(slot, "onboarding", Starts, Sample.Monday.AddDays(1));

    private static LeadCommand.SlotBooked Booking(string slot = "s1", string stage = "onboarding") => new(slot, stage, Starts, Ends);

    private static DeciderSpec<LeadState> Held() => Queued().Given(Hold());

    private static DeciderSpec<LeadState> Booked() => Held().Given(Booking());

    private static DeciderSpec<LeadState> Started() => Booked().Given(new LeadCommand.Start());

    [Fact]
    public void A_held_slot_waits_for_a_booking() => Queued().When(Hold())
        .ThenRecords(new LeadEvent.SlotHeld("s1", Starts, Sample.Monday.AddDays(1))).ThenSets(LeadTimers.Until, Sample.Monday.AddDays(1).AddMinutes(1));

    [Fact]
    public void A_hold_nobody_ended_is_given_back_a_minute_later() => Held()
        .At(Sample.Monday.AddDays(1).AddMinutes(1)).When(new LeadCommand.TimerElapsed(LeadTimers.Until))
        .ThenRecords(new LeadEvent.SlotLost("s1", SlotReasons.HoldLapsed)).ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Release("l1", Sample.Monday.AddDays(1)))
        .ThenSends(EntityKind.Pool, "onboarding", new PoolCommand.Requeue("l1", null));

    [Fact]
    public void A_second_slot_goes_back_at_once() => Held().When(Hold("s2")).ThenRecords()
        .ThenSends(EntityKind.DeliverySlot, "s2", new SlotCommand.Release("l1", Sample.Monday.AddDays(1)));

    [Fact]
    public void The_slot_decides_whether_it_can_be_booked() => Held().When(new LeadCommand.Book("s1")).ThenRecords()
        .ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Book("l1", "onboarding", "onboarding"));

    [Fact]
    public void A_booking_is_told_to_the_pool_and_confirmed_with_the_slot() => Held().When(Booking())
        .ThenRecords(new LeadEvent.SlotBooked("s1", Starts, Ends))
        .ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Book("l1", "onboarding", "onboarding"))
        .ThenSends(EntityKind.Pool, "onboarding", new PoolCommand.Taken("l1", "s1"));

    [Fact]
    public void Booking_another_slot_releases_the_first() => Booked().When(Booking("s2"))
        .ThenRecords(new LeadEvent.SlotBooked("s2", Starts, Ends)).ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Release("l1"));

    [Fact]
    public void A_booking_for_a_stage_that_is_behind_goes_back() => Started().When(Booking("s2")).ThenRecords().ThenSends(EntityKind.DeliverySlot, "s2", new SlotCommand.Release("l1"));

    [Fact]
    public void Repeated_words_of_a_slot_change_nothing()
    {
        Held().When(Hold()).ThenNothing();
        Booked().When(Booking()).ThenNothing();
        Booked().When(new LeadCommand.Book("s1")).ThenNothing();
        Started().When(new LeadCommand.Start()).ThenNothing();
    }

    [Fact]
    public void A_slot_that_is_gone_puts_the_lead_back_into_its_place()
    {
        foreach (var spec in new[] { Held(), Booked(), Started() })
        {
            spec.When(new LeadCommand.SlotGone("s1", SlotReasons.Withdrawn)).ThenRecords(new LeadEvent.SlotLost("s1", SlotReasons.Withdrawn))
                .ThenSends(EntityKind.Pool, "onboarding", new PoolCommand.Requeue("l1", null)).ThenSets(LeadTimers.Promise, Sample.Monday.AddDays(30)).ThenIs(s => s.Place, Sample.Monday);
        }
        Held().When(new LeadCommand.SlotGone("s2", SlotReasons.Withdrawn)).ThenNothing();
    }

    [Fact]
    public void A_slot_may_be_given_back_until_delivery_begins()
    {
        Held().When(new LeadCommand.Return(null, null)).ThenRecords(new LeadEvent.SlotLost("s1", LeadReasons.Returned));
        Booked().When(new LeadCommand.Return(null, null)).ThenRecords(new LeadEvent.SlotLost("s1", LeadReasons.Returned));
        Started().When(new LeadCommand.Return(null, null)).ThenRejects(LeadRejections.AlreadyStarted);
    }

    [Fact]
    public void Delivery_begins_in_the_booked_slot() => Booked().When(new LeadCommand.Start())
        .ThenRecords(new LeadEvent.DeliveryStarted("s1", Sample.Monday.AddDays(14))).ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Start("l1")).ThenClears(LeadTimers.Promise);

    [Fact]
    public void Delivery_that_rests_too_long_is_noted_and_looked_at_again() => Started()
        .After(TimeSpan.FromDays(14)).When(new LeadCommand.TimerElapsed(LeadTimers.Until))
        .ThenRecords(new LeadEvent.DeliveryOverdue(Sample.Monday.AddDays(28))).ThenSets(LeadTimers.Until, Sample.Monday.AddDays(28));

    [Fact]
    public void The_last_stage_delivers() => Started().When(new LeadCommand.Complete(null, StageOutcome.Passed, null, null))
        .ThenRecordsKinds("StagePassed", "Delivered").ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Complete("l1"))
        .ThenSends(EntityKind.Campaign, "ads", new CampaignCommand.Count(Outcome.Delivered, null)).ThenIs(s => s.Slot, null);

    [Fact]
    public void A_lead_taken_back_in_mid_delivery_frees_its_slot() => Started().When(new LeadCommand.Retract(LeadReasons.Retracted))
        .ThenSends(EntityKind.DeliverySlot, "s1", new SlotCommand.Release("l1")).ThenSends(EntityKind.Pool, "onboarding", new PoolCommand.Leave("l1"));

    [Fact]
    public void A_promise_breaks_while_a_booked_delivery_has_not_begun() => Booked().At(Sample.Monday.AddDays(30)).When(new LeadCommand.TimerElapsed(LeadTimers.Promise)).ThenRecordsKinds("PromiseBroken");

    [Fact]
    public void Refusals_come_in_order()
    {
        Held().When(new LeadCommand.Assign("ann", true)).ThenRejects(LeadRejections.StageOfSlots);
        Held().When(new LeadCommand.Start()).ThenRejects(LeadRejections.NotBooked);
        Booked().When(new LeadCommand.Complete(null, StageOutcome.Passed, null, null)).ThenRejects(LeadRejections.NotStarted);
        Started().When(new LeadCommand.Book("s2")).ThenRejects(LeadRejections.AlreadyStarted);
    }
}
