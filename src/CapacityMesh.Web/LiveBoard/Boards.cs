using System.Collections.Concurrent;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Routing;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>The boards of all workspaces: follows the mesh, fills a board when it is first watched, and sends what changed at a steady beat.</summary>
internal sealed class Boards(IMesh mesh, AdviceBook advice, WebOptions options, ILogger<Boards> log) : BackgroundService
{
    private const int PageMax = 500;
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromSeconds(15);
    private readonly ConcurrentDictionary<string, WorkspaceBoard> boards = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task>> fills = new(StringComparer.Ordinal);
    private IDisposable? follow;

    /// <summary>The board as it is now; the subscriber, if any, gets what follows.</summary>
    public async Task<RawJson> WatchAsync(string workspace, Subscriber? subscriber)
    {
        var board = BoardOf(workspace);
        var fill = fills.GetOrAdd(workspace, _ => new Lazy<Task>(() => FillAsync(board)));
        try
        {
            await fill.Value;
        }
        catch
        {
            // The next watcher tries again.
            fills.TryRemove(new KeyValuePair<string, Lazy<Task>>(workspace, fill));
            throw;
        }
        return board.Snapshot(mesh.Now, subscriber);
    }

    /// <summary>The subscriber is gone.</summary>
    public void Leave(string workspace, Subscriber subscriber) => BoardOf(workspace).Leave(subscriber);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        follow = mesh.Follow(Observe, wants: entity => boards.TryGetValue(entity.Workspace, out var board) && board.Wants(entity));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        follow?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(options.BoardEvery);
        var looked = TimeProvider.System.GetTimestamp();
        while (await BeatsAsync(beat, stoppingToken))
        {
            var isTime = TimeProvider.System.GetElapsedTime(looked) > LookAgainEvery;
            if (isTime) looked = TimeProvider.System.GetTimestamp();
            foreach (var board in boards.Values)
            {
                if (isTime) board.LookAgain();
                await FlushAsync(board, stoppingToken);
            }
        }
    }

    private static async Task<bool> BeatsAsync(PeriodicTimer beat, CancellationToken stop)
    {
        try
        {
            return await beat.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private WorkspaceBoard BoardOf(string workspace) => boards.GetOrAdd(workspace, static (w, book) => new WorkspaceBoard(w, book), advice);

    private void Observe(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var committed in turns) BoardOf(committed.Entity.Workspace).Observe(committed);
    }

    private async Task FlushAsync(WorkspaceBoard board, CancellationToken cancel)
    {
        try
        {
            await NameAsync(board, cancel);
            board.Flush(mesh.Now);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // One board's fault must not stop the others; the next beat tries again.
            log.LogError(fault, "A board could not be brought up to date.");
        }
    }

    private async Task FillAsync(WorkspaceBoard board)
    {
        board.Activate();
        await FillOneAsync<FlowState>(board, EntityId.Flow(board.Workspace));
        await FillKindAsync<PoolState>(board, EntityKind.Pool);
        await FillKindAsync<SalespersonState>(board, EntityKind.Salesperson);
        await FillKindAsync<SlotState>(board, EntityKind.DeliverySlot);
        await FillKindAsync<CampaignState>(board, EntityKind.Campaign);
        await NameAsync(board, CancellationToken.None);
        board.Complete();
        board.Flush(mesh.Now);
    }

    private async Task FillKindAsync<T>(WorkspaceBoard board, EntityKind kind) where T : class
    {
        string? after = null;
        while (true)
        {
            var keys = await mesh.Journal.KeysAsync(board.Workspace, kind, after, PageMax, CancellationToken.None);
            foreach (var key in keys) await FillOneAsync<T>(board, new EntityId(board.Workspace, kind, key));
            if (keys.Count < PageMax) return;
            after = keys[^1];
        }
    }

    private async Task FillOneAsync<T>(WorkspaceBoard board, EntityId entity) where T : class
    {
        if (await mesh.ReadAsync<T>(entity, CancellationToken.None) is { } read) board.Fill(entity, read.State, read.Version);
    }

    private async Task NameAsync(WorkspaceBoard board, CancellationToken cancel)
    {
        foreach (var entity in board.TakeRenamed())
        {
            var rows = mesh.Journal.Rows;
            var name = entity.Kind is EntityKind.Salesperson
                ? (await rows.ReadAsync<PersonBody>(Documents.Key(entity.Workspace, PeopleEndpoints.Kind, entity.Key), cancel))?.Name
                : (await rows.ReadAsync<CampaignBody>(Documents.Key(entity.Workspace, CampaignEndpoints.Kind, entity.Key), cancel))?.Name;
            board.Name(entity, name);
        }
    }
}
