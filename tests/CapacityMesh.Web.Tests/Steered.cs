using System.Globalization;
using System.Net;
using System.Text.Json;
using CapacityMesh.Runtime.Journal.Memory;

namespace CapacityMesh.Web.Tests;

/// <summary>A server that steers the one campaign of one stand-in; a person's hold is the signal.</summary>
internal sealed class Steered : IAsyncDisposable
{
    private Steered(AdPlatform platform, MemoryJournal journal, JumpingTime time) => (Platform, Journal, Time) = (platform, journal, time);

    public AdPlatform Platform { get; }

    public MemoryJournal Journal { get; }

    public JumpingTime Time { get; }

    public Server Server { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public static async Task<Steered> StartAsync(string name, string more = ""","actuate":"apply" """, Action<AdPlatform>? before = null, TimeSpan? timeout = null)
    {
        var steered = new Steered(await AdPlatform.StartAsync(AdDialects.Of(name)), new MemoryJournal(), new JumpingTime());
        before?.Invoke(steered.Platform);
        await steered.BeginAsync(timeout);
        await steered.Admin.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"x","valuePerWin":{"amount":"1500.00","currency":"EUR"}}""");
        await steered.Admin.PutOk("/v1/connectors/ads", steered.Platform.Dialect.Connector(steered.Platform.Address, more));
        return steered;
    }

    /// <summary>A new life on the same journal.</summary>
    public async Task RestartAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
        await BeginAsync(null);
    }

    public Task SignalAsync(string action) => Admin.PostOk("/v1/spend/spring/hold", $$"""{"action":"{{action}}","reason":"test"}""");

    /// <summary>The campaign's line, once it fits.</summary>
    public async Task<JsonElement> Until(Func<JsonElement, bool> fits) =>
        (await Admin.Until("/v1/actuators", a => a.GetProperty("items").GetArrayLength() == 1 && fits(a.GetProperty("items")[0]))).GetProperty("items")[0];

    /// <summary>Its line once the platform follows a signal.</summary>
    public Task<JsonElement> UntilApplied(string action) => Until(a => a.GetProperty("applied") is { ValueKind: JsonValueKind.Object } applied && applied.Text("action") == action);

    public async Task LookAsync() => Assert.Equal(HttpStatusCode.Accepted, (await Admin.PostAsync($"/v1/actuators/ads/{AdPlatform.Campaign}/look", null)).StatusCode);

    /// <summary>Waits until a counter of <c>/metrics</c> has reached one.</summary>
    public async Task UntilCounted(string line)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (true)
        {
            var text = await Admin.GetStringAsync("/metrics");
            if (text.Split('\n').Any(l => l.StartsWith(line + " ", StringComparison.Ordinal) && double.Parse(l[(line.Length + 1)..], CultureInfo.InvariantCulture) >= 1)) return;
            Assert.True(DateTime.UtcNow < deadline, $"{line} never came; {string.Join(" | ", text.Split('\n').Where(l => l.StartsWith("capacitymesh_actuator", StringComparison.Ordinal) || l.StartsWith("capacitymesh_outcomes", StringComparison.Ordinal)))}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
        await Platform.DisposeAsync();
        await Journal.DisposeAsync();
    }

    private async Task BeginAsync(TimeSpan? timeout)
    {
        Server = await Server.StartAsync(o => PlatformCalls.Near(o) with { CalloutTimeout = timeout ?? TimeSpan.FromSeconds(10) }, Journal, Time);
        Admin = Server.Client();
    }
}
