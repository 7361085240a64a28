using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

public abstract partial class JournalContract
{
    [StoreFact]
    public async Task Effects_wait_in_the_order_they_were_made_until_they_are_consumed()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.AddRange([Effect(Anna, 1, 1, "one"), Effect(Anna, 1, 0, "two"), Effect(Lead("bert"), 1, 0, "three")]));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 2, 0, "four")));

        var all = await Journal.OutboxAsync(0, 10, default);
        Assert.Equal(["one", "two", "three", "four"], all.Select(e => Text(e.Payload)));
        Assert.Equal(all.Select(e => e.Sequence).Order(), all.Select(e => e.Sequence));
        Assert.Equal(4, all.Select(e => e.Sequence).Distinct().Count());
        Assert.Equal((new EffectId(Anna, 1, 1), Sales, false), (all[0].Id, all[0].Target, all[0].IsReport));
        Assert.Equal(["three", "four"], (await Journal.OutboxAsync(all[1].Sequence, 10, default)).Select(e => Text(e.Payload)));
        Assert.Equal(["one"], (await Journal.OutboxAsync(0, 1, default)).Select(e => Text(e.Payload)));

        await Journal.CommitAsync(b => b.EffectsConsumed.AddRange([all[0].Id, all[3].Id]));
        Assert.Equal(["two", "three"], (await Journal.OutboxAsync(0, 10, default)).Select(e => Text(e.Payload)));
    }

    [StoreFact]
    public async Task Whoever_loads_an_entity_loads_what_it_still_owes_in_the_order_it_was_made()
    {
        await Journal.CommitAsync(b =>
        {
            b.Appends.Add(Append(Anna, 0, 3));
            b.EffectsAdded.AddRange([Effect(Anna, 1, 1, "one"), Effect(Anna, 2, 0, "two"), Report(Anna, 2, "old") with { Id = new EffectId(Anna, 2, 1) }]);
        });
        await Journal.CommitAsync(b =>
        {
            b.Appends.Add(Append(Lead("bert"), 0, 1));
            b.EffectsAdded.AddRange([Effect(Anna, 3, 0, "three"), Report(Anna, 3, "new") with { Id = new EffectId(Anna, 3, 1) }, Effect(Lead("nobody"), 1, 0, "of an entity without a turn")]);
        });

        var owed = (await Journal.LoadAsync(Anna, default))!.Owed;
        Assert.Equal(["one", "two", "three", "new"], owed.Select(e => Text(e.Payload)));
        Assert.Equal((new EffectId(Anna, 1, 1), Sales, false, true), (owed[0].Id, owed[0].Target, owed[0].IsReport, owed[3].IsReport));
        Assert.Empty((await Journal.LoadAsync(Lead("bert"), default))!.Owed);
        Assert.Null(await Journal.LoadAsync(Lead("nobody"), default));

        await Journal.CommitAsync(b => b.EffectsConsumed.Add(owed[1].Id));
        Assert.True(await Journal.ParkAsync(owed[2].Id, "poison", default));
        await Journal.CommitAsync(b => b.Snapshots.Add(new StoredSnapshot(Anna, 3, "{}"u8.ToArray())));
        Assert.Equal(["one", "new"], (await Journal.LoadAsync(Anna, default))!.Owed.Select(e => Text(e.Payload)));
    }

    [StoreFact]
    public async Task A_sequence_is_never_used_again_so_that_a_reader_who_pages_misses_nothing()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 1)));
        var seen = (await Journal.OutboxAsync(0, 10, default))[0];
        await Journal.CommitAsync(b => b.EffectsConsumed.Add(seen.Id));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 2)));
        Assert.Single(await Journal.OutboxAsync(seen.Sequence, 10, default));
    }

    [StoreFact]
    public async Task An_effect_is_consumed_once()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 1)));
        var id = new EffectId(Anna, 1, 0);

        Assert.Equal([id], (await Journal.ConflictAsync(b => b.EffectsConsumed.AddRange([id, id]))).Effects);
        await Journal.CommitAsync(b => b.EffectsConsumed.Add(id));
        Assert.Equal([id], (await Journal.ConflictAsync(b => b.EffectsConsumed.Add(id))).Effects);
    }

    [StoreFact]
    public async Task A_report_that_was_replaced_on_its_way_is_consumed_all_the_same_and_its_successor_stays()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 1, "old")));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 2, "new")));

        await Journal.CommitAsync(b => b.ReportsConsumed.Add(new EffectId(Anna, 1, 0)));
        Assert.Equal(["new"], (await Journal.OutboxAsync(0, 10, default)).Select(e => Text(e.Payload)));
        await Journal.CommitAsync(b => b.ReportsConsumed.Add(new EffectId(Anna, 2, 0)));
        Assert.Empty(await Journal.OutboxAsync(0, 10, default));
    }

    [StoreFact]
    public async Task A_later_report_replaces_the_one_that_waits()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.AddRange([Report(Anna, 1, "old"), Report(Lead("bert"), 1, "of another source")]));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 2, 0, "no report")));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 3, "new") with { Target = Lead("elsewhere") }));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 4, "new")));

        var waiting = await Journal.OutboxAsync(0, 10, default);
        Assert.Equal(["of another source", "no report", "new", "new"], waiting.Select(e => Text(e.Payload)));
        Assert.Equal(new EffectId(Anna, 4, 0), waiting[3].Id);
        Assert.True(waiting[3].IsReport);

        var replaced = new EffectId(Anna, 1, 0);
        Assert.Equal([replaced], (await Journal.ConflictAsync(b => b.EffectsConsumed.Add(replaced))).Effects);
        await Journal.CommitAsync(b => b.EffectsConsumed.Add(waiting[3].Id));
    }

    [StoreFact]
    public async Task A_report_may_be_consumed_and_sent_anew_in_one_batch()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 1, "old")));
        await Journal.CommitAsync(b =>
        {
            b.EffectsConsumed.Add(new EffectId(Anna, 1, 0));
            b.EffectsAdded.AddRange([Report(Anna, 2, "newer"), Report(Anna, 3, "newest")]);
        });
        Assert.Equal(["newest"], (await Journal.OutboxAsync(0, 10, default)).Select(e => Text(e.Payload)));
    }

    [StoreFact]
    public async Task A_parked_effect_waits_aside_with_its_reason()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.AddRange([Effect(Anna, 1, 0, "one"), Effect(Anna, 1, 1, "two"), Effect(Anna, 1, 2, "three")]));
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);

        Assert.True(await Journal.ParkAsync(new EffectId(Anna, 1, 2), "später", default));
        Assert.True(await Journal.ParkAsync(new EffectId(Anna, 1, 0), "first", default));
        Assert.True(await Journal.ParkAsync(new EffectId(Anna, 1, 0), "last", default));
        Assert.False(await Journal.ParkAsync(new EffectId(Anna, 9, 0), "nobody", default));

        Assert.Equal(["two"], (await Journal.OutboxAsync(0, 10, default)).Select(e => Text(e.Payload)));
        var parked = await Journal.ParkedAsync(10, default);
        Assert.Equal([("one", "last"), ("three", "später")], parked.Select(p => (Text(p.Effect.Payload), p.Reason)));
        Assert.All(parked, p => Assert.InRange(p.ParkedAt, before, DateTimeOffset.UtcNow.AddSeconds(1)));
        Assert.Single(await Journal.ParkedAsync(1, default));

        await Journal.CommitAsync(b => b.EffectsConsumed.Add(new EffectId(Anna, 1, 0)));
        Assert.Single(await Journal.ParkedAsync(10, default));
    }

    [StoreFact]
    public async Task A_parked_report_is_replaced_by_the_newer_truth_and_a_long_reason_is_cut()
    {
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 1, "old")));
        Assert.True(await Journal.ParkAsync(new EffectId(Anna, 1, 0), new string('x', JournalLimits.ParkReasonLengthMax + 5), default));
        Assert.Equal(JournalLimits.ParkReasonLengthMax, (await Journal.ParkedAsync(1, default))[0].Reason.Length);

        await Journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 2, "new")));
        Assert.Empty(await Journal.ParkedAsync(10, default));
        Assert.Single(await Journal.OutboxAsync(0, 10, default));
    }

    [StoreFact]
    public async Task Timers_come_due_earliest_first()
    {
        await Journal.CommitAsync(b => b.TimersSet.AddRange([Timer(Anna, "b", 5), Timer(Anna, "a", 5), Timer(Lead("bert"), "z", 1), Timer(Lead("x"), "y", 9)]));

        Assert.Equal([Timer(Lead("bert"), "z", 1), Timer(Anna, "a", 5), Timer(Anna, "b", 5)], await Journal.TimersAsync(Noon.AddMinutes(5), 10, default));
        Assert.Equal([Timer(Lead("bert"), "z", 1)], await Journal.TimersAsync(Noon.AddMinutes(9), 1, default));
        Assert.Empty(await Journal.TimersAsync(Noon.AddMinutes(1).AddTicks(-1), 10, default));
    }

    [StoreFact]
    public async Task A_timer_set_again_is_replaced_and_one_cleared_is_gone()
    {
        await Journal.CommitAsync(b => b.TimersSet.AddRange([Timer(Anna, "offer", 5), Timer(Anna, "lease", 6)]));
        await Journal.CommitAsync(b =>
        {
            b.TimersSet.Add(new StoredTimer(Anna, "offer", Noon.AddMinutes(8).ToOffset(TimeSpan.FromHours(2))));
            b.TimersCleared.AddRange([new TimerId(Anna, "lease"), new TimerId(Anna, "never set")]);
        });
        Assert.Equal([Timer(Anna, "offer", 8)], await Journal.TimersAsync(Noon.AddDays(1), 10, default));
    }

    [StoreFact]
    public async Task A_timer_is_consumed_only_with_its_due_time_and_once()
    {
        await Journal.CommitAsync(b => b.TimersSet.Add(Timer(Anna, "offer", 5)));

        Assert.Equal([Timer(Anna, "offer", 4)], (await Journal.ConflictAsync(b => b.TimersConsumed.Add(Timer(Anna, "offer", 4)))).Timers);
        Assert.Single(await Journal.TimersAsync(Noon.AddDays(1), 10, default));
        await Journal.CommitAsync(b =>
        {
            b.TimersConsumed.Add(Timer(Anna, "offer", 5));
            b.TimersSet.Add(Timer(Anna, "offer", 7));
        });
        Assert.Equal([Timer(Anna, "offer", 5)], (await Journal.ConflictAsync(b => b.TimersConsumed.Add(Timer(Anna, "offer", 5)))).Timers);
        await Journal.CommitAsync(b => b.TimersConsumed.Add(Timer(Anna, "offer", 7)));
        Assert.Empty(await Journal.TimersAsync(Noon.AddDays(1), 10, default));
    }
}
