using System.Text;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

public abstract partial class JournalContract
{
    [StoreFact]
    public async Task An_entity_without_turns_is_not_there()
    {
        Assert.Null(await Journal.LoadAsync(Anna, default));
        Assert.Empty(await Journal.HistoryAsync(Anna, 0, 10, default));
        Assert.Empty(await Journal.KeysAsync(Workspace, EntityKind.Lead, null, 10, default));
    }

    [StoreFact]
    public async Task An_empty_batch_is_committed() => await Journal.CommitAsync(_ => { });

    [StoreFact]
    public async Task Appends_are_loaded_in_version_order()
    {
        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 2, "first")));
        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 2, 3, "second")));
        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 3, 10, "third")));

        var stored = await Journal.LoadAsync(Anna, default);

        Assert.NotNull(stored);
        Assert.Equal(10, stored.Version);
        Assert.Null(stored.Snapshot);
        Assert.Equal([(1L, 2L, "first"), (3L, 3L, "second"), (4L, 10L, "third")], stored.Tail.Select(t => (t.FirstVersion, t.Version, Text(t.Turns))));
    }

    [StoreTheory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(1, 9)]
    public async Task An_append_conflicts_unless_it_expects_the_stored_version(long expected, long version)
    {
        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 2)));

        var conflict = await Journal.ConflictAsync(b => b.Appends.Add(Append(Anna, expected, version, "late")));

        Assert.Equal([Anna], conflict.Entities);
        Assert.Single((await Journal.LoadAsync(Anna, default))!.Tail);
    }

    [StoreFact]
    public async Task An_append_to_a_new_entity_that_expects_a_version_conflicts()
    {
        var conflict = await Journal.ConflictAsync(b => b.Appends.Add(Append(Anna, 1, 2)));
        Assert.Equal([Anna], conflict.Entities);
        Assert.Null(await Journal.LoadAsync(Anna, default));
    }

    // A second host that decides "nothing to do" on an old state would lose the effect that it answers to: found by the law checker.
    [StoreFact]
    public async Task What_a_turn_left_unchanged_conflicts_unless_it_is_still_at_that_version()
    {
        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 2)));
        await Journal.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 2)));
        await Journal.CommitAsync(b => b.Unchanged.AddRange([new EntityVersion(Anna, 2), new EntityVersion(Sales, 0)]));

        var conflict = await Journal.ConflictAsync(b =>
        {
            b.Unchanged.AddRange([new EntityVersion(Anna, 1), new EntityVersion(Sales, 1)]);
            b.EffectsConsumed.Add(Effect(Anna, 2).Id);
        });

        Assert.Equal([Anna, Sales], conflict.Entities.OrderBy(e => e.Key, StringComparer.Ordinal));
        Assert.Single(await Journal.OutboxAsync(0, 10, default));
    }

    [StoreFact]
    public async Task A_snapshot_shortens_the_tail_and_a_later_one_replaces_it()
    {
        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
        await Journal.CommitAsync(b =>
        {
            b.Appends.Add(Append(Anna, 1, 5));
            b.Snapshots.Add(new StoredSnapshot(Anna, 5, Bytes("state-5")));
        });
        var whole = await Journal.LoadAsync(Anna, default);
        Assert.Equal(5, whole!.Version);
        Assert.Empty(whole.Tail);
        Assert.Equal("state-5", Text(whole.Snapshot!.Value.State));

        await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, 5, 7, "tail")));
        var withTail = await Journal.LoadAsync(Anna, default);
        Assert.Equal((7, 5), (withTail!.Version, withTail.Snapshot!.Value.Version));
        Assert.Equal("tail", Text(Assert.Single(withTail.Tail).Turns));

        await Journal.CommitAsync(b =>
        {
            b.Appends.Add(Append(Anna, 7, 8));
            b.Snapshots.Add(new StoredSnapshot(Anna, 8, Bytes("state-8")));
        });
        var replaced = await Journal.LoadAsync(Anna, default);
        Assert.Equal("state-8", Text(replaced!.Snapshot!.Value.State));
        Assert.Empty(replaced.Tail);
        Assert.Equal(4, (await Journal.HistoryAsync(Anna, 0, 10, default)).Count);
    }

    [StoreFact]
    public async Task History_is_paged_by_version()
    {
        for (var version = 0; version < 6; version += 2) await Journal.CommitAsync(b => b.Appends.Add(Append(Anna, version, version + 2)));

        Assert.Equal([2L, 4L], (await Journal.HistoryAsync(Anna, 0, 2, default)).Select(t => t.Version));
        Assert.Equal([6L], (await Journal.HistoryAsync(Anna, 4, 2, default)).Select(t => t.Version));
        Assert.Equal([4L, 6L], (await Journal.HistoryAsync(Anna, 3, 9, default)).Select(t => t.Version));
        Assert.Empty(await Journal.HistoryAsync(Anna, 6, 2, default));
    }

    [StoreFact]
    public async Task Keys_are_paged_in_order_and_belong_to_one_workspace_and_kind()
    {
        string[] keys = ["b", "B", "a-1", "a", "a.2", "a:3", "é", "\uE000", "😀"];
        foreach (var key in keys) await Journal.CommitAsync(b => b.Appends.Add(Append(Lead(key), 0, 1)));
        await Journal.CommitAsync(b => b.Appends.Add(Append(Lead("a"), 1, 2)));
        await Journal.CommitAsync(b =>
        {
            b.Appends.Add(Append(Lead("x") with { Workspace = "acme-2" }, 0, 1));
            b.Appends.Add(Append(new EntityId(Workspace, EntityKind.Contact, "x"), 0, 1));
        });

        var ordered = keys.OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k)), StringComparer.Ordinal).ToArray();
        Assert.Equal(ordered, await Journal.KeysAsync(Workspace, EntityKind.Lead, null, 100, default));
        Assert.Equal(ordered[..3], await Journal.KeysAsync(Workspace, EntityKind.Lead, null, 3, default));
        Assert.Equal(ordered[4..], await Journal.KeysAsync(Workspace, EntityKind.Lead, ordered[3], 100, default));
        Assert.Equal(["x"], await Journal.KeysAsync("acme-2", EntityKind.Lead, null, 100, default));
    }

    [StoreFact]
    public async Task Payloads_come_back_byte_for_byte_however_large_or_strange()
    {
        var large = new byte[3_000_000];
        for (var i = 0; i < large.Length; i++) large[i] = (byte)(i * 31);
        var umlaut = Lead("Jürgen 😀 ' \" -- %_");
        await Journal.CommitAsync(b =>
        {
            b.Appends.Add(new Append(Anna, 0, 1, large));
            b.Appends.Add(new Append(umlaut, 0, 1, ReadOnlyMemory<byte>.Empty));
        });

        Assert.True((await Journal.LoadAsync(Anna, default))!.Tail[0].Turns.Span.SequenceEqual(large));
        Assert.Equal(0, (await Journal.LoadAsync(umlaut, default))!.Tail[0].Turns.Length);
    }

    [StoreFact]
    public async Task Of_concurrent_appends_to_one_version_exactly_one_wins()
    {
        for (var version = 0L; version < 20; version++)
        {
            var expected = version;
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                var batch = new CommitBatch();
                batch.Appends.Add(Append(Anna, expected, expected + 1, $"writer {writer}"));
                batch.EffectsAdded.Add(Effect(Anna, expected + 1, 0, $"writer {writer}"));
                return await Journal.CommitAsync(batch, default);
            })));
            Assert.Single(results, result => result is CommitResult.Committed);
        }

        var turns = (await Journal.LoadAsync(Anna, default))!.Tail.Select(t => Text(t.Turns));
        var effects = (await Journal.OutboxAsync(0, 100, default)).Select(e => Text(e.Payload));
        Assert.Equal(turns, effects);
        Assert.Equal(20, turns.Count());
    }

    [StoreFact]
    public async Task What_breaks_the_contract_is_refused_before_anything_is_written()
    {
        async Task Refused(Action<CommitBatch> fill)
        {
            var batch = new CommitBatch();
            batch.Appends.Add(Append(Lead("beside"), 0, 1));
            fill(batch);
            await Assert.ThrowsAsync<InvariantBrokenException>(async () => await Journal.CommitAsync(batch, default));
        }

        await Refused(b => b.Appends.Add(Append(Anna, 1, 1)));
        await Refused(b => b.Appends.Add(Append(Lead("beside"), 1, 2)));
        await Refused(b => b.EffectsAdded.AddRange([Effect(Anna, 1), Effect(Anna, 1)]));
        await Refused(b => b.Requests.AddRange([Open("k"), Reply("k", "done")]));
        await Refused(b => b.Rows.Add(new RowChange(new RowKey(Workspace, RowTables.Vault, "c"), new byte[IRowStore.ValueBytesMax + 1])));
        await Assert.ThrowsAsync<InvariantBrokenException>(async () => await Journal.OutboxAsync(0, 0, default));
        await Assert.ThrowsAsync<InvariantBrokenException>(async () => await Journal.LeadsAsync(new LeadQuery(Workspace, Limit: 501), default));
        Assert.Null(await Journal.LoadAsync(Lead("beside"), default));
    }

    [StoreFact]
    public async Task A_cancelled_commit_leaves_no_trace()
    {
        var batch = new CommitBatch();
        batch.Appends.Add(Append(Anna, 0, 1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Journal.CommitAsync(batch, new CancellationToken(canceled: true)));
        Assert.Null(await Journal.LoadAsync(Anna, default));
    }
}
