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
/// Brings the commits of the cluster to this member's followers, in one order, each once: its own as they are in memory, and of the others those that
/// somebody here wants, so that members do not each pay for all that all of them do. It reads at its own pace and holds a page at a time: who falls
/// behind is behind in the journal, not in memory. Told of news it looks at once, and otherwise by itself.
/// </summary>
public sealed partial class FeedFollower(ClusterServices services, ILogger<FeedFollower> log) : BackgroundService
{
    private const int PageCommits = 64;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private ImmutableArray<Follower> followers = [];

    /// <summary>Turns heard of since the start.</summary>
    public long Heard { get; private set; }

    /// <summary>Completes when the first look has a place to begin: what is committed from then on is heard.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>See <see cref="IMesh.Follow"/>.</summary>
    public IDisposable Follow(Action<IReadOnlyList<CommittedTurn>> observer, Func<EntityId, bool>? wants = null)
    {
        var follower = new Follower(observer, wants ?? (_ => true));
        ImmutableInterlocked.Update(ref followers, list => list.Add(follower));
        return new Subscription(() => ImmutableInterlocked.Update(ref followers, list => list.Remove(follower)));
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
        var told = new List<(CommittedTurn Turn, bool IsOwn)>(page.Appended.Count * 2);
        var now = followers;
        var own = page.Appended.Select(services.Own.Find).ToArray();
        var read = await ReadAsync(page.Appended.Where((named, i) => own[i].Turns is null && (own[i].IsOwn || now.Any(f => f.Wants(named.Entity)))), cancel);
        for (var i = 0; i < own.Length; i++)
        {
            var named = page.Appended[i];
            if (own[i].Turns is { } mine)
            {
                services.States.Learn(named.Entity, mine[^1].State, mine[^1].Version);
                told.AddRange(mine.Select(turn => (turn, true)));
            }
            else if (read.TryGetValue(named, out var stored))
            {
                var state = await services.States.AfterAsync(named.Entity, stored, cancel);
                foreach (var turn in TurnCodec.Decode(MachineType.Of(named.Entity.Kind), stored)) told.Add((new CommittedTurn(named.Entity, turn.Version, turn.At, turn.Events, state), own[i].IsOwn));
            }
        }
        Heard += told.Count;
        // Only now, when nothing that can fail is left: until then the page may be read again.
        foreach (var named in page.Appended) services.Own.Forget(named);
        // Who has gone in the meantime is told no more.
        foreach (var follower in now.Where(followers.Contains)) Tell(follower, [.. told.Where(t => t.IsOwn || follower.Wants(t.Turn.Entity)).Select(t => t.Turn)]);
    }

    private async ValueTask<Dictionary<AppendedTurns, StoredTurns>> ReadAsync(IEnumerable<AppendedTurns> named, CancellationToken cancel)
    {
        AppendedTurns[] all = [.. named];
        if (all.Length == 0) return [];
        return (await services.Journal.TurnsAsync(all, cancel)).ToDictionary(t => new AppendedTurns(t.Entity, t.Turns.FirstVersion), t => t.Turns);
    }

    private void Tell(Follower follower, IReadOnlyList<CommittedTurn> turns)
    {
        if (turns.Count == 0) return;
        try
        {
            follower.Observer(turns);
        }
#pragma warning disable CA1031 // One that throws costs itself a page, never the others theirs.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFollowerFailed(log, fault);
        }
    }

    private sealed record Follower(Action<IReadOnlyList<CommittedTurn>> Observer, Func<EntityId, bool> Wants);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed cannot be read; trying again")]
    private static partial void LogBehind(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A follower of commits failed; it missed one page")]
    private static partial void LogFollowerFailed(ILogger log, Exception fault);
}
