using System.Diagnostics;
using CapacityMesh.Testing;
using Xunit.Abstractions;

namespace CapacityMesh.Cluster.Tests;

// Goal: when the silo that sends the webhooks for all is lost, another one goes on soon, every fact is told at least once, and a campaign's signals in their
// order. Method: three silos as processes over a real PostgreSQL server, a receiver on loopback, and facts caused before, during and after the loss. A message
// that the lost silo was just sending shows how soon the next one does. Campaigns and outcomes share the duty.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class ClusterDutyTests(PostgresServer server, ITestOutputHelper output)
{
    private static readonly string[] Campaigns = ["spring", "autumn"];
    // As docs/guides/cluster.md says.
    private static readonly TimeSpan TakeoverMax = TimeSpan.FromSeconds(3);
    // No wait outlives it: about ten times what a test takes.
    private static readonly TimeSpan TestMax = TimeSpan.FromSeconds(100);

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Webhooks_go_on_when_the_silo_that_sends_them_is_killed_or_told_to_stop(bool killed)
    {
        await using var receiver = await HookReceiver.StartAsync();
        var database = $"duty_{killed}".ToLowerInvariant();
        await server.ExecuteAsync($"CREATE DATABASE {database}");
        var silos = await SiloProcess.StartAsync(server.ConnectionString.Replace("Database=postgres", $"Database={database}", StringComparison.Ordinal), 3);
        try
        {
            await RunAsync(silos, receiver, killed);
        }
        catch
        {
            foreach (var silo in silos) output.WriteLine(silo.Output);
            throw;
        }
        finally
        {
            foreach (var silo in silos) silo.Dispose();
        }
    }

    private async Task RunAsync(SiloProcess[] silos, HookReceiver receiver, bool killed)
    {
        using var limit = new CancellationTokenSource(TestMax);
        using var enough = new CancellationTokenSource();
        foreach (var campaign in Campaigns) await silos[0].InsistAsync(HttpMethod.Put, $"/v1/campaigns/{campaign}", new { name = campaign, channel = "google" }, limit.Token);
        await silos[0].InsistAsync(HttpMethod.Put, "/v1/webhooks/hook", new { url = receiver.Address + "/hook", events = new[] { "spend.changed", "lead.opened" } }, limit.Token);
        var holder = await HolderAsync(silos);
        SiloProcess[] others = [.. silos.Where(s => s != holder)];
        var signals = Task.WhenAll(Campaigns.Select((campaign, i) => SignalAsync(others[i], campaign, enough.Token, limit.Token)));
        var leads = Task.WhenAll(others.Select((silo, i) => CaptureAsync(silo, $"s{i}", enough.Token, limit.Token)));
        await EventuallyAsync("messages come", () => receiver.Once().Count() >= 20);

        var underWay = await receiver.TrapAsync().WaitAsync(limit.Token);
        var lost = Stopwatch.GetTimestamp();
        if (killed) holder.Kill();
        else holder.Terminate();
        await EventuallyAsync("the message comes again", () => receiver.Messages.Any(m => m.Id == underWay.Id));
        var took = Stopwatch.GetElapsedTime(lost);
        output.WriteLine($"sent again after {took.TotalMilliseconds:0} ms");

        var known = receiver.Once().Count();
        await EventuallyAsync("facts that came after it are told", () => receiver.Once().Count() >= known + 100);
        output.WriteLine($"100 more after {Stopwatch.GetElapsedTime(lost).TotalMilliseconds:0} ms");
        await enough.CancelAsync();
        var caused = await signals;
        var captured = (await leads).SelectMany(l => l).ToHashSet();
        await EventuallyAsync("every lead is told", () => captured.IsSubsetOf(receiver.Once().Where(m => m.Type == "lead.opened").Select(m => m.Data.GetProperty("leadId").GetString()!)));
        foreach (var (campaign, actions) in Campaigns.Zip(caused))
        {
            await EventuallyAsync($"{actions.Count} signals of {campaign} are told", () => ToldOf(receiver, campaign).Count() >= actions.Count);
            Assert.Equal(actions, ToldOf(receiver, campaign));
        }
        Assert.True(took < TakeoverMax, $"the takeover took {took}");

        // Whoever asks must not have failed.
        async Task EventuallyAsync(string what, Func<bool> holds)
        {
            for (; !holds(); await Task.Delay(20))
            {
                if (signals.IsFaulted) await signals;
                if (leads.IsFaulted) await leads;
                Assert.False(limit.IsCancellationRequested, $"never: {what}");
            }
        }
    }

    private static IEnumerable<string> ToldOf(HookReceiver receiver, string campaign) => receiver.Once().Where(m => m.Type == "spend.changed")
        .Select(m => m.Data.GetProperty("line")).Where(l => l.GetProperty("campaign").GetString() == campaign).Select(l => l.GetProperty("action").GetString()!);

    private static async Task<SiloProcess> HolderAsync(SiloProcess[] silos)
    {
        SiloProcess? holder = null;
        await Business.EventuallyAsync("one silo has the duty", async () =>
        {
            foreach (var silo in silos)
            {
                if (await silo.HasDutyAsync()) holder = silo;
            }
            return holder is not null;
        });
        return holder!;
    }

    // Holds a campaign and lets it go again, each once the signal says so; what it was told to do, in order.
    private static async Task<List<string>> SignalAsync(SiloProcess silo, string campaign, CancellationToken enough, CancellationToken limit)
    {
        var actions = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            var action = actions.Count % 2 == 0 ? "pause" : "run";
            await silo.InsistAsync(HttpMethod.Post, $"/v1/spend/{campaign}/hold", new { action, reason = "test" }, limit);
            actions.Add(action);
            while ((await silo.SignalOfAsync(campaign)) != action) await Task.Delay(5, limit);
        }
        return actions;
    }

    // Captures leads one after the other; their ids.
    private static async Task<List<string>> CaptureAsync(SiloProcess silo, string name, CancellationToken enough, CancellationToken limit)
    {
        var leads = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            var email = $"{name}-{leads.Count}@example.com";
            var lead = await silo.InsistAsync(HttpMethod.Post, "/v1/leads", new { campaign = Campaigns[0], contact = new { name = "A", email } }, limit);
            leads.Add(lead.GetProperty("leadId").GetString()!);
            await Task.Delay(10, limit);
        }
        return leads;
    }
}
