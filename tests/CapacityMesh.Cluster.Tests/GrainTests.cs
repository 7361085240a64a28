using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Runtime.Turns;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace CapacityMesh.Cluster.Tests;

// Goal: a grain is a mailbox and nothing more: what it says is what the journal holds.
// Method: two silos in this process over one memory journal; ask grains, then read the journal.
public sealed class GrainTests : IAsyncLifetime
{
    private static readonly Process OnePool = Process.Empty with
    {
        Pools = [new PoolDefinition("sales", PoolKind.People)],
        Stages = [new Stage("discovery", "sales", 1, 0.4m, TimeSpan.FromDays(2))],
    };

    private readonly MemoryJournal journal = new();
    private readonly EntityId flow = EntityId.Flow("default");
    private InProcessTestCluster cluster = null!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureHost(host => host.Services
            .AddSingleton<IJournal>(journal)
            .AddSingleton(new MeshClock(TimeProvider.System))
            .AddSingleton<ClusterServices>());
        cluster = builder.Build();
        await cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await cluster.DisposeAsync();
        await journal.DisposeAsync();
    }

    [Fact]
    public async Task What_a_grain_answers_is_durable()
    {
        var reply = await AskAsync(new FlowCommand.DefineProcess(OnePool));

        Assert.Equal(TurnOutcome.Answered, reply.Outcome);
        Assert.Equal(new ProcessPublished(1), EffectCodec.DecodeAnswer(reply.Answer));
        Assert.Equal(1, (await StoredAsync<FlowState>(flow))?.Process.Version);
    }

    [Fact]
    public async Task An_effect_reaches_its_target_and_leaves_the_outbox()
    {
        await AskAsync(new FlowCommand.DefineProcess(OnePool));

        // The pool answers with a report to Flow, so both ways have been gone when the outbox is empty.
        await EventuallyAsync(async () => (await journal.OutboxAsync(0, 100, CancellationToken.None)).Count == 0);
        Assert.Equal(PoolKind.People, (await StoredAsync<PoolState>(flow.Sibling(EntityKind.Pool, "sales")))?.Kind);
    }

    [Fact]
    public async Task A_grain_whose_entity_was_written_by_somebody_else_writes_nothing_and_reads_again()
    {
        await AskAsync(new FlowCommand.DefineProcess(OnePool));
        await EventuallyAsync(async () => (await journal.OutboxAsync(0, 100, CancellationToken.None)).Count == 0);
        await WriteBehindTheGrainAsync();

        Assert.Equal(TurnOutcome.Conflict, (await AskAsync(new FlowCommand.DefineProcess(OnePool))).Outcome);
        Assert.Equal(TurnOutcome.Answered, (await AskAsync(new FlowCommand.DefineProcess(OnePool))).Outcome);
        Assert.Equal(3, (await StoredAsync<FlowState>(flow))?.Process.Version);
    }

    private Task<TurnReply> AskAsync(ICommand command) =>
        cluster.Client.MailboxOf(flow).AskAsync(RowsBeside.Write(new MeshRequest(flow, command), new Ask("test")));

    // What a second activation on a silo that was thought lost would do.
    private async Task WriteBehindTheGrainAsync()
    {
        var entity = TurnCodec.Restore(flow, (await journal.LoadAsync(flow, CancellationToken.None))!);
        var before = entity.Version;
        var request = new MeshRequest(flow, new FlowCommand.DefineProcess(OnePool));
        var turn = TheTurn.Take(entity, new Envelope(flow, request.Command, new Cause.Request(request)), DateTimeOffset.UtcNow, new ClusterServices(journal, new MeshClock(TimeProvider.System)).World);
        var commit = new CommitBatch();
        commit.Appends.Add(new Append(flow, before, entity.Version, TurnCodec.Encode(entity.Machine, [turn])));
        Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(commit, CancellationToken.None));
    }

    private async Task<TState?> StoredAsync<TState>(EntityId id)
        where TState : class =>
        await journal.LoadAsync(id, CancellationToken.None) is { } stored ? (TState)TurnCodec.Restore(id, stored).State : null;

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds()) await Task.Delay(20, limit.Token);
    }
}
