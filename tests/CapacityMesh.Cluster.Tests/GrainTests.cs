using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster.Tests;

// Goal: a grain is a mailbox and nothing more: what it says is what the journal holds.
// Method: ask grains of two silos, then read the journal.
public sealed class GrainTests
{
    private static readonly EntityId Flow = EntityId.Flow("default");

    private static readonly FlowCommand.DefineProcess OnePool = new(Process.Empty with
    {
        Pools = [new PoolDefinition("sales", PoolKind.People)],
        Stages = [new Stage("discovery", "sales", 1, 0.4m, TimeSpan.FromDays(2))],
    });

    [Fact]
    public async Task What_a_grain_answers_is_durable()
    {
        await using var silos = await TwoSilos.StartAsync();

        var reply = await silos.AskAsync(Flow, OnePool);

        Assert.Equal(TurnOutcome.Answered, reply.Outcome);
        Assert.Equal(new ProcessPublished(1), EffectCodec.DecodeAnswer(reply.Answer));
        Assert.Equal(1, (await silos.StoredAsync<FlowState>(Flow))?.Process.Version);
    }

    [Fact]
    public async Task An_effect_reaches_its_target_and_leaves_the_outbox()
    {
        await using var silos = await TwoSilos.StartAsync();
        await silos.AskAsync(Flow, OnePool);
        await silos.SettleAsync();

        // Flow told the pool what it is, and the pool told Flow how it stands.
        Assert.Equal(1, (await silos.StoredAsync<FlowState>(Flow))?.Pools.Count);
        Assert.NotNull(await silos.StoredAsync<PoolState>(Flow.Sibling(EntityKind.Pool, "sales")));
    }

    [Fact]
    public async Task A_grain_whose_entity_was_written_by_somebody_else_writes_nothing_and_reads_again()
    {
        await using var silos = await TwoSilos.StartAsync();
        await silos.AskAsync(Flow, OnePool);
        await silos.SettleAsync();
        await WriteBehindTheGrainAsync(silos.Journal);

        Assert.Equal(TurnOutcome.Conflict, (await silos.AskAsync(Flow, OnePool)).Outcome);
        Assert.Equal(TurnOutcome.Answered, (await silos.AskAsync(Flow, OnePool)).Outcome);
        Assert.Equal(3, (await silos.StoredAsync<FlowState>(Flow))?.Process.Version);
    }

    [Fact]
    public async Task An_effect_that_comes_twice_changes_nothing_the_second_time()
    {
        await using var silos = await TwoSilos.StartAsync();
        await silos.AskAsync(Flow, OnePool);
        await silos.SettleAsync();
        var pool = Flow.Sibling(EntityKind.Pool, "sales");
        var before = (await silos.Journal.LoadAsync(pool, CancellationToken.None))!.Version;

        var again = new PoolCommand.Configure(PoolKind.Slots, TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await silos.DeliverAsync(pool, new EffectLetter(Flow.ToString(), 1, 0, EffectCodec.Encode(pool, again, ask: null)));
        // The mailbox is a queue: once this is answered, the delivery before it was dealt with.
        await silos.AskAsync(pool, new PoolCommand.TimerElapsed("nothing"));

        Assert.Equal(PoolKind.People, (await silos.StoredAsync<PoolState>(pool))?.Kind);
        Assert.Equal(before, (await silos.Journal.LoadAsync(pool, CancellationToken.None))!.Version);
    }

    // What a second activation would do, on a silo that was thought lost.
    private static async Task WriteBehindTheGrainAsync(MemoryJournal journal)
    {
        var entity = TurnCodec.Restore(Flow, (await journal.LoadAsync(Flow, CancellationToken.None))!);
        var before = entity.Version;
        var world = new ClusterServices(journal, new MeshClock(TimeProvider.System)).World;
        var turn = TheTurn.Take(entity, new Envelope(Flow, OnePool, new Cause.Request(new MeshRequest(Flow, OnePool))), DateTimeOffset.UtcNow, world);
        var commit = new CommitBatch();
        commit.Appends.Add(new Append(Flow, before, entity.Version, TurnCodec.Encode(entity.Machine, [turn])));
        Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(commit, CancellationToken.None));
    }
}
