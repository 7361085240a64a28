using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CapacityMesh.Testing;

namespace CapacityMesh.Cluster.Tests;

/// <summary>A real silo with its web, as a process of its own on loopback.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private const string Key = "an-admin-key-for-tests-only";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly StringBuilder output = new();

    private SiloProcess(string database, int port, int siloPort)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CapacityMesh.Silo.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["CAPACITYMESH_POSTGRES"] = database,
            ["CAPACITYMESH_ADMIN_KEY"] = Key,
            ["CAPACITYMESH_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["CAPACITYMESH_SILO_ADDRESS"] = "127.0.0.1",
            ["CAPACITYMESH_SILO_PORT"] = siloPort.ToString(CultureInfo.InvariantCulture),
            ["CAPACITYMESH_ALLOW_LOOPBACK_CALLOUTS"] = "true",
        }) start.Environment[name] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Http = new HttpClient { BaseAddress = new Uri(start.Environment["CAPACITYMESH_URLS"]!), Timeout = TimeSpan.FromSeconds(40) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>A caller with the admin key.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts silos of one cluster and waits until all are ready.</summary>
    public static async Task<SiloProcess[]> StartAsync(string database, int silos)
    {
        var ports = FreePorts.Take(2 * silos);
        SiloProcess[] started = [.. Enumerable.Range(0, silos).Select(i => new SiloProcess(database, ports[2 * i], ports[2 * i + 1]))];
        var began = Stopwatch.GetTimestamp();
        foreach (var silo in started)
        {
            while (!await silo.IsReadyAsync())
            {
                Assert.True(!silo.process.HasExited && Stopwatch.GetElapsedTime(began) < StartMax, $"not ready: {silo.Output}");
                await Task.Delay(50);
            }
        }
        return started;
    }

    /// <summary>Whether it has the duty to call the outside world.</summary>
    public async Task<bool> HasDutyAsync() => (await Http.GetStringAsync("/metrics")).Contains("\ncapacitymesh_duty_callouts 1\n", StringComparison.Ordinal);

    /// <summary>What a campaign is to do; null while the flow has not heard of it.</summary>
    public async Task<string?> SignalOfAsync(string campaign)
    {
        using var response = await Http.GetAsync($"/v1/spend/{campaign}");
        return response.StatusCode is HttpStatusCode.NotFound ? null : (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("action").GetString();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => process.Kill();

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Assert.Equal(0, Signal(process.Id, 15));

    /// <summary>Asks, and asks again while nobody can answer; under one key, so that it is done once.</summary>
    public async Task<JsonElement> InsistAsync(HttpMethod method, string path, object body, CancellationToken cancel)
    {
        var key = Guid.NewGuid().ToString();
        for (; ; await Task.Delay(50, cancel))
        {
            using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
            if (method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", key);
            using var response = await Http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable) continue;
            Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
    }

    /// <summary>What it wrote, both streams.</summary>
    public string Output { get { lock (output) return output.ToString(); } }

    public void Dispose()
    {
        Http.Dispose();
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output) output.AppendLine(line.Data);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
