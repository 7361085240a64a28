using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Cluster.Edge;

/// <summary>
/// Brings every commit of the cluster to this member's followers, in one order, each once. It reads at its own pace and holds a page at a time: who
/// falls behind is behind in the journal, not in memory. Told of news it looks at once, and otherwise by itself.
/// </summary>
public sealed partial class FeedFollower(ClusterServices services, ILogger<FeedFollower> log) : BackgroundService
{
    private const int PageCommits = 64;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private ImmutableArray<Action<IReadOnlyList<CommittedTurn>>> observers = [];

    /// <summary>Turns heard of since the start.</summary>
    public long Heard { get; private set; }

    /// <summary>Completes when the first look has a place to begin: what is committed from then on is heard.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>See <see cref="IMesh.Follow"/>.</summary>
    public IDisposable Follow(Action<IReadOnlyList<CommittedTurn>> observer)
    {
        ImmutableInterlocked.Update(ref observers, list => list.Add(observer));
        return new Subscription(() => ImmutableInterlocked.Update(ref observers, list => list.Remove(observer)));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ulong? end = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                end ??= await services.Journal.FeedEndAsync(stoppingToken);
                Begun.TrySetResult();
                var page = await services.Journal.FeedAsync(end.Value, PageCommits, stoppingToken);
                if (page.Appended.Count == 0) await services.Journal.NewsAsync(services.Limits.FeedEvery, stoppingToken);
                else await TellAsync(page, stoppingToken);
                end = page.End;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it was, the followers must not stay deaf: the page is read again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogBehind(log, fault);
                await Task.Delay(AgainAfter, CancellationToken.None);
            }
        }
    }

    private async Task TellAsync(FeedPage page, CancellationToken cancel)
    {
        var turns = new List<CommittedTurn>(page.Appended.Count * 2);
        var own = page.Appended.Select(services.Own.Take).ToArray();
        var others = await OthersAsync(page, own, cancel);
        for (var i = 0; i < own.Length; i++)
        {
            var named = page.Appended[i];
            if (own[i] is { } mine)
            {
                services.States.Learn(named.Entity, mine[^1].State, mine[^1].Version);
                turns.AddRange(mine);
            }
            else if (others.TryGetValue(named, out var stored))
            {
                var state = await services.States.AfterAsync(named.Entity, stored, cancel);
                foreach (var turn in TurnCodec.Decode(MachineType.Of(named.Entity.Kind), stored)) turns.Add(new CommittedTurn(named.Entity, turn.Version, turn.At, turn.Events, state));
            }
        }
        Tell(turns);
    }

    private async ValueTask<Dictionary<AppendedTurns, StoredTurns>> OthersAsync(FeedPage page, IReadOnlyList<CommittedTurn>?[] own, CancellationToken cancel)
    {
        AppendedTurns[] unknown = [.. page.Appended.Where((_, i) => own[i] is null)];
        if (unknown.Length == 0) return [];
        return (await services.Journal.TurnsAsync(unknown, cancel)).ToDictionary(t => new AppendedTurns(t.Entity, t.Turns.FirstVersion), t => t.Turns);
    }

    private void Tell(List<CommittedTurn> turns)
    {
        Heard += turns.Count;
        foreach (var observer in observers)
        {
            try
            {
                observer(turns);
            }
#pragma warning disable CA1031 // One that throws costs itself a page, never the others theirs.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogFollowerFailed(log, fault);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed cannot be read; trying again")]
    private static partial void LogBehind(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A follower of commits failed; it missed one page")]
    private static partial void LogFollowerFailed(ILogger log, Exception fault);
}
