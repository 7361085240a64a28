using System.Collections.Concurrent;
using System.Text.Json;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>
/// What goes on beside the captures: people who take and do their work, scripts that poll the spend table, boards that watch. They are as many as the
/// plan says and as fast as they are answered; only captures are measured.
/// </summary>
internal sealed class Mixture(LoadPlan plan)
{
    // Of ten pieces of work four go on, as in the seed story.
    private const int PassedOfTen = 4;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<string, long> done = new();
    private long pieces;

    /// <summary>What was done, by kind.</summary>
    public IReadOnlyDictionary<string, long> Done => done;

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (!plan.Mixed) return;
        using var api = new ApiClient(plan.Url, plan.Key, 256);
        var people = await PeopleAsync(api, cancel);
        var all = people.Select(person => KeepAsync("work", () => WorkAsync(api, person, cancel), cancel))
            .Concat(Enumerable.Range(0, plan.Pollers).Select(_ => KeepAsync("poll", () => PollAsync(api, cancel), cancel)))
            .Concat(Enumerable.Range(0, plan.Boards).Select(_ => KeepAsync("board", () => WatchAsync(api, cancel), cancel)));
        await Task.WhenAll(all);
    }

    // Whoever is cut off comes back: a silo may have been killed.
    private async Task KeepAsync(string kind, Func<Task> work, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                Count(kind + " cut off");
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Glance, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<IReadOnlyList<string>> PeopleAsync(ApiClient api, CancellationToken cancel)
    {
        if (await api.GetAsync("/v1/people?limit=500", cancel) is not { } list) throw new HttpRequestException("People cannot be listed: mixed traffic needs an operator's key.");
        return [.. list.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("id").GetString()!)];
    }

    private async Task WorkAsync(ApiClient api, string person, CancellationToken cancel)
    {
        if (await api.GetAsync($"/v1/people/{person}/work", cancel) is not { } desk) return;
        foreach (var offer in desk.GetProperty("offers").EnumerateArray()) await DoAsync(api, offer, "accept", person, "", cancel);
        foreach (var open in desk.GetProperty("open").EnumerateArray())
        {
            var isReached = open.TryGetProperty("contactedAt", out var at) && at.ValueKind is JsonValueKind.String;
            var outcome = Interlocked.Increment(ref pieces) % 10 < PassedOfTen ? "passed" : "lost";
            await DoAsync(api, open, isReached ? "complete" : "contacted", person, isReached ? $$""","outcome":"{{outcome}}" """ : "", cancel);
        }
    }

    private async Task DoAsync(ApiClient api, JsonElement work, string verb, string person, string more, CancellationToken cancel)
    {
        var status = await api.PostAsync($"/v1/leads/{work.GetProperty("leadId").GetString()}/{verb}", $$"""{"person":"{{person}}"{{more}}}""", cancel);
        Count((int)status is >= 200 and < 300 ? verb : $"{verb} {(int)status}");
    }

    private async Task PollAsync(ApiClient api, CancellationToken cancel)
    {
        if (await api.GetAsync("/v1/spend?wait=5", cancel) is not null) Count("poll");
    }

    private async Task WatchAsync(ApiClient api, CancellationToken cancel)
    {
        using var stream = await api.StreamAsync("/v1/events", cancel);
        while (await stream.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal)) Count("board delta");
        }
    }

    private void Count(string what) => done.AddOrUpdate(what, 1, (_, count) => count + 1);
}
