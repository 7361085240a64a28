using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>Runs a plan: each connection takes the next arrival, waits until it is due, posts a lead of a new person, and counts the time since it was due.</summary>
internal sealed class LoadRun(LoadPlan plan)
{
    // Arrivals that are late by more than this after the end are given up and counted as unsent.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> outcomes = new();
    private readonly string run = Guid.NewGuid().ToString("N")[..8];
    private readonly long began = Stopwatch.GetTimestamp();
    private long next;
    private long accepted;
    private long unsent;

    /// <summary>Times from when an arrival was due until it was answered.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>What was acknowledged; kept in mixed runs.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Leads acknowledged.</summary>
    public long Accepted => Interlocked.Read(ref accepted);

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <summary>Answers that were no acknowledgement, by status or fault.</summary>
    public IReadOnlyDictionary<string, long> Errors => outcomes;

    /// <summary>Runs to the end, or until cancelled.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = plan.Connections, ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", plan.Key);
        await Task.WhenAll(Enumerable.Range(0, plan.Connections).Select(_ => Task.Run(() => WorkAsync(client, cancel), CancellationToken.None)));
        return LoadReport.Of(plan, this, Math.Min(plan.For.TotalSeconds, Elapsed.TotalSeconds), Interlocked.Read(ref unsent));
    }

    private async Task WorkAsync(HttpClient client, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var arrival = Interlocked.Increment(ref next) - 1;
            if (arrival >= plan.ArrivalsMax || (plan.Rate is null && Elapsed >= plan.For)) return;
            if (Elapsed > plan.For + Grace)
            {
                Interlocked.Increment(ref unsent);
                continue;
            }
            var due = plan.Rate is null ? Elapsed : plan.DueOf(arrival);
            await WaitAsync(due, cancel);
            if (!cancel.IsCancellationRequested) await PostAsync(client, arrival, due, cancel);
        }
    }

    private async Task WaitAsync(TimeSpan due, CancellationToken cancel)
    {
        var wait = due - Elapsed;
        if (wait <= TimeSpan.Zero) return;
        await Task.Delay(wait, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The timer of the machine counts whole milliseconds; what is missing is no time of the server's.
        while (Elapsed < due && !cancel.IsCancellationRequested) Thread.Yield();
    }

    private async Task PostAsync(HttpClient client, long arrival, TimeSpan due, CancellationToken cancel)
    {
        try
        {
            var lead = plan.LeadOf(arrival);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(plan.Url, "/v1/leads")) { Content = BodyOf(lead) };
            if (plan.Mixed) request.Headers.Add("Idempotency-Key", $"load-{run}-{lead}");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel);
            Latency.Add(Elapsed - due);
            if (response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref accepted);
                if (plan.Mixed) Ledger.Note(lead, (await ApiClient.ReadAsync(response, cancel)).GetProperty("leadId").GetString()!);
            }
            else Count(((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException fault)
        {
            Latency.Add(Elapsed - due);
            Count(fault.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Latency.Add(Elapsed - due);
            Count("Timeout");
        }
        catch (OperationCanceledException)
        {
            // The run was broken off.
        }
    }

    // A reserved domain: no mail ever reaches anybody.
    private ByteArrayContent BodyOf(long arrival)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$$"""{"campaign":"loadtest","contact":{"name":"Load {{{arrival}}}","email":"load-{{{run}}}-{{{arrival}}}@example.com"}}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private void Count(string outcome) => outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
}
