using System.Runtime.CompilerServices;
using CapacityMesh.Cluster.Grains;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;

namespace CapacityMesh.Cluster.Tests;

// Goal: a question that a leaving silo did not answer is asked again, as often as it takes, where that can do nothing twice, and only there.
// Method: two silos over a real PostgreSQL server; calls to contacts fail as they do when their silo leaves, before or after they were taken.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class ClusterEdgeTests(PostgresServer server)
{
    [StoreFact]
    public async Task A_question_under_a_key_whose_silo_is_gone_is_asked_again_and_taken_once()
    {
        var leaving = new Leaving(times: 3, taken: true, () => new SiloUnavailableException());
        await using var journal = await OpenAsync();
        await using var silos = await StartAsync(journal, leaving);
        await Business.OpenAsync(silos.Mesh);
        await silos.Mesh.AnswerAsync(Business.Capture("l1", silos.Mesh.Now) with { IdempotencyKey = "k1", BodyHash = "k1" });
        Assert.True(leaving.IsOver);
        await Business.AssertCountedOnceAsync(silos.Mesh, 1);
    }

    [StoreFact]
    public async Task Without_a_key_the_caller_is_told_since_nobody_could_tell_whether_it_was_taken()
    {
        var leaving = new Leaving(times: 1, taken: true, () => new SiloUnavailableException());
        await using var journal = await OpenAsync();
        await using var silos = await StartAsync(journal, leaving);
        await Business.OpenAsync(silos.Mesh);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => silos.Mesh.AskAsync(Business.Capture("l1", silos.Mesh.Now), default));
        Assert.True(leaving.IsOver);
        await Business.AssertCountedOnceAsync(silos.Mesh, 1);
    }

    [StoreFact]
    public async Task A_question_that_nobody_took_is_asked_again_with_and_without_a_key()
    {
        var leaving = new Leaving(times: 12, taken: false, () => Rejection("Forwarding failed."));
        await using var journal = await OpenAsync();
        await using var silos = await StartAsync(journal, leaving);
        await Business.OpenAsync(silos.Mesh);
        await silos.Mesh.AnswerAsync(Business.Capture("l1", silos.Mesh.Now));
        Assert.True(leaving.IsOver);
        await Business.AssertCountedOnceAsync(silos.Mesh, 1);
    }

    [StoreFact]
    public async Task Whoever_is_turned_away_for_longer_than_it_waits_is_told()
    {
        var leaving = new Leaving(times: int.MaxValue, taken: false, () => Rejection("Forwarding failed."));
        await using var journal = await OpenAsync();
        await using var silos = await StartAsync(journal, leaving, TimeSpan.FromSeconds(2));
        await Business.OpenAsync(silos.Mesh);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => silos.Mesh.AskAsync(Business.Capture("l1", silos.Mesh.Now), default));
    }

    private async Task<PostgresJournal> OpenAsync() =>
        await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = server.NextSchema(), Cluster = "tests" }, default);

    private static Task<SilosHost> StartAsync(ISharedJournal journal, Leaving leaving, TimeSpan? patience = null) => SilosHost.StartAsync(
        2, _ => journal, _ => TimeProvider.System, new HostLimits { AnswerTimeout = patience ?? TimeSpan.FromSeconds(20) }, besides: silo => silo.AddOutgoingGrainCallFilter(leaving));

    // Only the runtime makes one.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern OrleansMessageRejectionException Rejection(string why);

    /// <summary>Fails the first calls that ask a contact something.</summary>
    private sealed class Leaving(int times, bool taken, Func<Exception> fault) : IOutgoingGrainCallFilter
    {
        private int left = times;

        public bool IsOver => Volatile.Read(ref left) <= 0;

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            var fails = context.Grain is IContactGrain && context.MethodName == nameof(IEntityGrain.AskAsync) && Interlocked.Decrement(ref left) >= 0;
            if (taken || !fails) await context.Invoke();
            if (fails) throw fault();
        }
    }
}
