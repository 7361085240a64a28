using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Xml;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Demo;

namespace CapacityMesh.Host.Demo;

/// <summary>The demonstration's way in: the server's own HTTP API, with its admin key.</summary>
public sealed class HttpDemoServer : IDemoServer, IDisposable
{
    private readonly HttpClient http;

    /// <summary>Speaks to a server.</summary>
    public HttpDemoServer(Uri address, string key)
    {
        http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <inheritdoc/>
    public Task DefineProcessAsync(Process process, CancellationToken cancel) => PutAsync("/v1/process", new
    {
        pools = process.Pools.Select(p => new { id = p.Id, kind = p.Kind is PoolKind.People ? "people" : "slots" }),
        stages = process.Stages.Select(s => new
        {
            id = s.Id, pool = s.Pool, effort = s.Effort, passRate = s.PassRate, promise = XmlConvert.ToString(s.Promise),
            firstResponse = s.FirstResponse is { } first ? XmlConvert.ToString(first) : null, wins = s.Wins,
        }),
        risk = process.Risk,
        offerTimeout = XmlConvert.ToString(process.OfferTimeout),
        waitlist = new { limit = process.Waitlist.Limit, expires = XmlConvert.ToString(process.Waitlist.Expires) },
    }, cancel);

    /// <inheritdoc/>
    public Task AddPersonAsync(string id, string name, string pool, int weekly, int concurrent, CancellationToken cancel) =>
        PutAsync($"/v1/people/{id}", new { name, pools = new[] { pool }, weeklyCapacity = weekly, concurrent }, cancel);

    /// <inheritdoc/>
    public Task AddSlotAsync(string id, string pool, DateTimeOffset startsAt, DateTimeOffset endsAt, CancellationToken cancel) =>
        PutAsync($"/v1/slots/{id}", new { pool, startsAt, endsAt }, cancel, HttpStatusCode.Conflict);

    /// <inheritdoc/>
    public Task AddCampaignAsync(string id, string name, string channel, Money valuePerWin, Money dailyBudget, CancellationToken cancel) =>
        PutAsync($"/v1/campaigns/{id}", new { name, channel, promise = new { id = "fast-start", text = "Your first call within two days." }, valuePerWin = Wire(valuePerWin), dailyBudget = Wire(dailyBudget), mode = "apply", onSilence = "keep" }, cancel);

    /// <inheritdoc/>
    public Task ReportCostAsync(string campaign, DateOnly day, Money amount, CancellationToken cancel) =>
        PostAsync($"/v1/campaigns/{campaign}/costs", new { day = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), amount = Wire(amount), clicks = 0, impressions = 0 }, cancel);

    /// <inheritdoc/>
    public Task CaptureAsync(string campaign, int number, DateTimeOffset occurredAt, CancellationToken cancel) =>
        PostAsync("/v1/leads", new { campaign, contact = new { name = $"Lead {number}", email = $"lead-{number}@example.com" } }, cancel);

    private async Task PutAsync(string path, object body, CancellationToken cancel, HttpStatusCode fine = HttpStatusCode.OK)
    {
        using var response = await http.PutAsJsonAsync(path, body, cancel);
        if (response.StatusCode != fine) response.EnsureSuccessStatusCode();
    }

    private async Task PostAsync(string path, object body, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancel);
        response.EnsureSuccessStatusCode();
    }

    private static object Wire(Money money) => new { amount = money.Amount.ToString(CultureInfo.InvariantCulture), currency = money.Currency };

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
