using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

public abstract partial class MeshContract
{
    [StoreFact]
    public async Task A_restart_resumes_everything()
    {
        await Business.OpenAsync(Mesh);
        await Task.WhenAll(Business.Ids("l", 30).Select(id => Mesh.AnswerAsync(Business.Capture(id, Mesh.Now))));
        await Business.AssertCountedOnceAsync(Mesh, 30);
        var before = await Mesh.StateAsync<PoolState>(Business.Sales);
        await RestartAsync();
        await Business.AssertCountedOnceAsync(Mesh, 30);
        var after = await Mesh.StateAsync<PoolState>(Business.Sales);
        Assert.Equal(before.Waiting.ById.Keys, after.Waiting.ById.Keys);
        Assert.Equal(before.Placed.Keys, after.Placed.Keys);
        await Mesh.AnswerAsync(Business.Capture("next", Mesh.Now));
        await Business.AssertCountedOnceAsync(Mesh, 31);
    }

    // Versions, not events: a turn that was written and reported as failed is heard of as it was, once, and in its place.
    [StoreTheory]
    [InlineData(CommitFault.BeforeWrite)]
    [InlineData(CommitFault.AcknowledgementLost)]
    [InlineData(CommitFault.SyncFailed)]
    public async Task Followers_hear_of_all_that_was_written_whatever_the_host_was_told(CommitFault fault)
    {
        await Business.OpenAsync(Mesh);
        var heard = new Heard();
        using var follow = Mesh.Follow(heard.Add);
        for (var at = 1; at <= 6; at++)
        {
            (Journal.FaultAt, Journal.Fault) = (Journal.Arrived + 1 + (at % 3), fault);
            await Task.WhenAll(Business.Ids($"f{at}-", 4).Select(id => Mesh.InsistAsync(Business.Capture(id, Mesh.Now), id)));
        }
        await Business.AssertCountedOnceAsync(Mesh, 24);
        foreach (var lead in Business.Ids("f1-", 4).Concat(Business.Ids("f6-", 4)).Select(Business.Lead))
        {
            var stored = (await Mesh.Journal.LoadAsync(lead, default))!.Version;
            await Business.EventuallyAsync("followers know the lead", () => Task.FromResult(heard.Versions()[lead].Count() >= stored));
            Assert.Equal(Enumerable.Range(1, (int)stored).Select(v => (long)v), heard.Versions()[lead]);
        }
    }

    [StoreTheory]
    [InlineData(CommitFault.BeforeWrite)]
    [InlineData(CommitFault.AcknowledgementLost)]
    [InlineData(CommitFault.SyncFailed)]
    [InlineData(CommitFault.DeadAfter)]
    [InlineData(CommitFault.DeadBefore)]
    public async Task A_fault_at_any_commit_loses_nothing_and_doubles_nothing(CommitFault fault)
    {
        await Business.OpenAsync(Mesh);
        var leads = 0;
        for (var at = 1; at <= 8; at++)
        {
            // Started cold, so that turns wait for their entities and effects go through the outbox.
            await RestartAsync(new HostLimits { AnswerTimeout = TimeSpan.FromSeconds(fault >= CommitFault.DeadAfter ? 0.3 : 20) });
            (Journal.FaultAt, Journal.Fault) = (at, fault);
            var began = TimeProvider.System.GetTimestamp();
            var ids = Business.Ids($"f{at}-", 4);
            var posts = ids.Select((id, i) => PostAsync(id, TimeSpan.FromMilliseconds(i))).ToArray();
            await Task.WhenAll(posts);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10), "a caller was forgotten");
            leads += ids.Length;
            if (await HeldAsync()) continue;
            await KillAsync();
            foreach (var id in ids) await Mesh.InsistAsync(Business.Capture(id, Mesh.Now), id);
            await Business.AssertCountedOnceAsync(Mesh, leads);
        }

        // A commit that nobody waits for may come after the last answer, and be the one that kills.
        async Task<bool> HeldAsync()
        {
            try
            {
                if (!Journal.IsDead) await Business.AssertCountedOnceAsync(Mesh, leads);
                return !Journal.IsDead;
            }
            catch (Exception fault) when (Journal.IsDead && fault is JournalUnavailableException or TimeoutException)
            {
                return false;
            }
        }

        async Task PostAsync(string id, TimeSpan after)
        {
            await Task.Delay(after);
            try
            {
                await Mesh.InsistAsync(Business.Capture(id, Mesh.Now), id);
            }
            catch (JournalUnavailableException) when (Journal.IsDead)
            {
                // The caller tries again when the host is back.
            }
        }
    }

    [StoreFact]
    public async Task A_fault_is_told_and_the_host_goes_on_when_the_store_does()
    {
        await Business.OpenAsync(Mesh);
        Journal.IsDead = true;
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Mesh.AskAsync(Business.Capture("l1", Mesh.Now), default));
        Journal.IsDead = false;
        await Mesh.AnswerAsync(Business.Capture("l2", Mesh.Now));
        await Business.AssertCountedOnceAsync(Mesh, 1);
    }

    [StoreFact]
    public async Task What_was_left_in_the_outbox_is_delivered_and_its_asker_answered_under_the_key()
    {
        await Business.OpenAsync(Mesh);
        // Cold: the contact is new and takes its turn at once; Flow has to be loaded, so the question waits in the outbox when the process dies.
        await RestartAsync();
        (Journal.FaultAt, Journal.Fault) = (1, CommitFault.DeadAfter);
        var request = Business.Capture("l1", Mesh.Now) with { IdempotencyKey = "k1", BodyHash = "a" };
        var lost = Mesh.AskAsync(request, default);
        await Business.EventuallyAsync("the process dies", () => Task.FromResult(Journal.IsDead));
        await KillAsync();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => lost);
        await Business.AssertCountedOnceAsync(Mesh, 1);
        var repeat = Assert.IsType<AskResult.Answered>(await Mesh.AskAsync(request, default));
        Assert.True(repeat.Repeated);
        Assert.Equal("l1", Assert.IsType<Captured>(repeat.Answer).LeadId);
    }

    [StoreFact]
    public async Task Two_hosts_over_one_store_never_write_over_each_other()
    {
        await Business.OpenAsync(Mesh);
        var one = Mesh;
        var other = await StartHostAsync();
        for (var i = 1; i <= 10; i++)
        {
            // Each holds what the other has just made out of date.
            await one.InsistAsync(Business.Capture($"one{i}", one.Now), $"one{i}");
            await other.InsistAsync(Business.Capture($"other{i}", other.Now), $"other{i}");
        }
        Assert.True(Journal.Conflicts > 0);
        await RestartAsync();
        await Business.AssertCountedOnceAsync(Mesh, 20);
    }

    [StoreFact]
    public async Task An_effect_that_keeps_failing_is_parked_with_its_reason_and_its_target_goes_on()
    {
        await Business.OpenAsync(Mesh);
        var poisoned = Poison("bad", version: 1);
        await Journal.CommitAsync(poisoned, default);
        await RestartAsync();
        IReadOnlyList<ParkedEffect> parked = [];
        await Business.EventuallyAsync("the effect is parked", async () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return (parked = await Mesh.Journal.ParkedAsync(10, default)).Count == 1;
        });
        Assert.Contains("never published", parked[0].Reason, StringComparison.Ordinal);
        Assert.Equal(poisoned.EffectsAdded[0].Id, parked[0].Effect.Id);
        Assert.IsType<Captured>(await Mesh.AnswerAsync(Business.Capture("bad", Mesh.Now)));
        await RestartAsync();
        Assert.Equal("c-bad", (await Mesh.StateAsync<LeadState>(Business.Lead("bad"))).Contact);
        Assert.Single(await Mesh.Journal.ParkedAsync(10, default));
    }

    [StoreFact]
    public async Task A_parked_effect_is_tried_again_when_told_and_parked_again_while_its_cause_remains()
    {
        await Business.OpenAsync(Mesh);
        await Journal.CommitAsync(Poison("bad", version: 1), default);
        await RestartAsync();
        var first = await ParkedAsync(after: DateTimeOffset.MinValue);
        Assert.Null(await Mesh.Journal.UnparkAsync("acme/contact/nobody@9.9", default));
        Time.Advance(TimeSpan.FromSeconds(1));

        Mesh.TakeUp((await Mesh.Journal.UnparkAsync(first.Effect.Id.ToString(), default))!.Value);
        var again = await ParkedAsync(after: first.ParkedAt);
        Assert.Equal(first.Effect.Id, again.Effect.Id);

        async Task<ParkedEffect> ParkedAsync(DateTimeOffset after)
        {
            IReadOnlyList<ParkedEffect> parked = [];
            await Business.EventuallyAsync("it is parked", async () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return (parked = await Mesh.Journal.ParkedAsync(10, default)).Count == 1 && parked[0].ParkedAt > after;
            });
            return parked[0];
        }
    }

    [StoreFact]
    public async Task An_effect_that_nobody_can_read_is_parked_and_the_host_starts()
    {
        var unreadable = new CommitBatch();
        unreadable.EffectsAdded.Add(new StoredEffect(0, new EffectId(Business.Contact("x"), 1, 0), Business.Lead("y"), false, "{\"command\":{\"$\":\"notKnown\"}}"u8.ToArray()));
        await Journal.CommitAsync(unreadable, default);
        await RestartAsync();
        await Business.EventuallyAsync("it is parked", async () => (await Mesh.Journal.ParkedAsync(10, default)).Count == 1);
        await Business.OpenAsync(Mesh);
    }

    [StoreFact]
    public async Task An_entity_that_nobody_can_read_fails_its_own_callers_only()
    {
        var damaged = new CommitBatch();
        damaged.Appends.Add(new Append(Business.Lead("bad"), 0, 1, "[{\"at\":1,\"e\":[{\"$\":\"notKnown\"}]}]"u8.ToArray()));
        await Journal.CommitAsync(damaged, default);
        await Assert.ThrowsAnyAsync<Exception>(() => Mesh.AskAsync(new MeshRequest(Business.Lead("bad"), new LeadCommand.Accept("ann")), default).WaitAsync(TimeSpan.FromSeconds(5)));
        await Assert.ThrowsAnyAsync<Exception>(() => Mesh.ReadAsync<LeadState>(Business.Lead("bad"), default).WaitAsync(TimeSpan.FromSeconds(5)));
        await Business.OpenAsync(Mesh);
    }

    // The gate's word names a version of the process that was never published: the lead's machine fails on it.
    private CommitBatch Poison(string lead, long version)
    {
        var verdict = new Verdict(IntakeDecision.Waitlisted, 99, 1, null, new Reason("x", "x"));
        var command = new LeadCommand.Open(new Submission(lead, "c-" + lead, "spring", Mesh.Now, []), verdict);
        var batch = new CommitBatch();
        batch.EffectsAdded.Add(new StoredEffect(0, new EffectId(Business.Contact("nobody"), version, 0), Business.Lead(lead), false, EffectCodec.Encode(Business.Lead(lead), command, null)));
        return batch;
    }
}
