using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CapacityMesh.Host.Tests;

/// <summary>The real server, as a process of its own on a free loopback port.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    public const string Key = "an-admin-key-for-tests-only";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(30);
    private readonly Process process;
    private readonly StringBuilder output = new();

    private ServerProcess(string[] arguments, string? key, params string[] launcher)
    {
        string[] program = [.. launcher, "dotnet"];
        var start = new ProcessStartInfo(program[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in program[1..]) start.ArgumentList.Add(word);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "capacitymesh.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("CAPACITYMESH_POSTGRES");
        start.Environment["CAPACITYMESH_ADMIN_KEY"] = key;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote so far, both streams.</summary>
    public string Output { get { lock (output) return output.ToString(); } }

    /// <summary>A caller with the admin key.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts a server and does not wait for it.</summary>
    /// <param name="port">Where it listens on loopback.</param>
    /// <param name="arguments">What else it is told.</param>
    public static ServerProcess Begin(int port, params string[] arguments)
    {
        var server = new ServerProcess(["serve", "--urls", $"http://127.0.0.1:{port}", .. arguments], Key);
        server.Call(new Uri($"http://127.0.0.1:{port}"), Key);
        return server;
    }

    /// <summary>Starts a server over a folder and waits until it is ready.</summary>
    public static Task<ServerProcess> ServeAsync(string folder, string? key = Key) => ServeAsync(new ServerProcess(["serve", "--urls", "http://127.0.0.1:0", "--data", folder], key), key);

    /// <summary>Starts a server through another program, and waits until it is ready.</summary>
    /// <param name="launcher">A program and its first arguments; the server's own program and arguments follow.</param>
    /// <param name="folder">Its data.</param>
    public static Task<ServerProcess> ServeThroughAsync(string[] launcher, string folder) =>
        ServeAsync(new ServerProcess(["serve", "--urls", "http://127.0.0.1:0", "--data", folder], Key, launcher), Key);

    private static async Task<ServerProcess> ServeAsync(ServerProcess server, string? key)
    {
        var address = new Uri(await server.LineAsync("listens on "));
        var mine = key ?? await server.LineAsync("Admin key (shown this once): ");
        server.Call(address, mine);
        await server.ReadyAsync();
        return server;
    }

    private void Call(Uri address, string key)
    {
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Waits until it is ready.</summary>
    public Task ReadyAsync() => EventuallyAsync("the server is ready", async () => await StatusAsync("/readyz") == HttpStatusCode.OK);

    /// <summary>What a path answers; null while nobody listens.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Posts a lead, whatever comes of it; its email is its idempotency key.</summary>
    public async Task<(HttpStatusCode Status, TimeSpan? RetryAfter)> TryCaptureAsync(string email)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/leads") { Content = JsonContent.Create(new { campaign = "spring", contact = new { name = "A", email } }) };
        request.Headers.Add("Idempotency-Key", email);
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>Its process.</summary>
    public int Id => process.Id;

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var command = new ServerProcess(arguments, Key);
        var exit = await command.ExitAsync();
        return (exit, command.Output);
    }

    /// <summary>The rest of the first line that holds the words.</summary>
    public async Task<string> LineAsync(string words)
    {
        string? found = null;
        await EventuallyAsync($"it writes '{words}'", () => Task.FromResult(
            (found = Output.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Contains(words, StringComparison.Ordinal))) is not null || process.HasExited));
        Assert.True(found is not null, $"it ended with {Output}");
        return found[(found.IndexOf(words, StringComparison.Ordinal) + words.Length)..];
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM; its exit code.</summary>
    public Task<int> TerminateAsync()
    {
        Assert.Equal(0, Signal(process.Id, 15));
        return ExitAsync();
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Posts a lead; its id.</summary>
    public async Task<string> CaptureAsync(string email) =>
        (await SendAsync(HttpMethod.Post, "/v1/leads", new { campaign = "spring", contact = new { name = "A", email } }, email)).GetProperty("leadId").GetString()!;

    /// <summary>Every lead, page by page.</summary>
    public async Task<List<JsonElement>> LeadsAsync()
    {
        var leads = new List<JsonElement>();
        for (var cursor = ""; ;)
        {
            var page = await SendAsync(HttpMethod.Get, $"/v1/leads?limit=500{cursor}");
            leads.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("cursor", out var next) || next.ValueKind is JsonValueKind.Null) return leads;
            cursor = "&cursor=" + next.GetString();
        }
    }

    public static async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < StartMax, $"never: {what}");
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        Http?.Dispose();
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(StartMax);
        return process.ExitCode;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (output) output.AppendLine(line.Data);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
