using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapacityMesh.Web.Tests;

/// <summary>The web on Kestrel at a free port of this machine, in front of the real local mesh over the memory journal.</summary>
internal sealed class Server : IAsyncDisposable
{
    public const string AdminKey = "the-admin-key-of-this-test";

    public const string Process = """
        {"pools":[{"id":"sales","kind":"people"},{"id":"onboarding","kind":"slots"}],
         "stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.5,"promise":"P2D","firstResponse":"PT1H","wins":true},
                   {"id":"onboarding","pool":"onboarding","effort":1,"passRate":1,"promise":"P30D"}],
         "risk":0.1,"offerTimeout":"PT5M","waitlist":{"limit":200,"expires":"P14D"}}
        """;

    private readonly WebApplication app;
    private readonly LocalMesh mesh;
    private readonly MemoryJournal journal;

    private readonly bool ownsJournal;

    private Server(WebApplication app, LocalMesh mesh, MemoryJournal journal, bool ownsJournal) => (this.app, this.mesh, this.journal, this.ownsJournal) = (app, mesh, journal, ownsJournal);

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => app.Services;

    public IMesh Mesh => mesh;

    public FirstStart FirstStart { get; private set; } = null!;

    /// <param name="configure">What this test wants otherwise.</param>
    /// <param name="given">The journal of an earlier life; the caller disposes of it.</param>
    /// <param name="time">Whose time it is; the machine's unless given.</param>
    /// <param name="duty">Whether it calls the outside world; always, unless given.</param>
    public static async Task<Server> StartAsync(Func<WebOptions, WebOptions>? configure = null, MemoryJournal? given = null, TimeProvider? time = null, IDuty? duty = null)
    {
        var journal = given ?? new MemoryJournal();
        var mesh = new LocalMesh(journal, new MeshClock(time ?? TimeProvider.System), new LocalMeshOptions(), NullLogger<LocalMesh>.Instance);
        await mesh.StartAsync(CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IMesh>(mesh);
        if (time is not null) builder.Services.AddSingleton(time);
        if (duty is not null) builder.Services.AddSingleton(duty);
        var options = new WebOptions { AdminKey = AdminKey, AllowLoopbackCallouts = false };
        builder.AddCapacityMeshWeb(configure?.Invoke(options) ?? options);
        var server = new Server(builder.Build(), mesh, journal, given is null);
        server.app.MapCapacityMesh();
        server.FirstStart = (await server.Services.GetRequiredService<Bootstrap>().RunAsync(CancellationToken.None))!;
        await server.app.StartAsync();
        server.Address = new Uri(server.app.Urls.Single());
        return server;
    }

    /// <summary>A server with a process, a person in sales, slots ahead and a campaign: it admits leads.</summary>
    public static async Task<Server> StartOpenAsync(int weeklyCapacity = 1000, int concurrent = 500, Func<WebOptions, WebOptions>? configure = null, MemoryJournal? given = null)
    {
        var server = await StartAsync(configure, given);
        using var admin = server.Client();
        await admin.PutOk("/v1/process", Process);
        await admin.PutOk("/v1/people/anna", $$"""{"name":"Anna Ahrens","pools":["sales"],"weeklyCapacity":{{weeklyCapacity}},"concurrent":{{concurrent}}}""");
        for (var i = 1; i <= 8; i++) await admin.PutOk($"/v1/slots/s{i}", $$"""{"pool":"onboarding","startsAt":"{{Days(i)}}","endsAt":"{{Days(i + 0.5)}}"}""");
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring search","channel":"google","promise":{"id":"audit","text":"A free audit"}}""");
        return server;
    }

    public static string Days(double ahead) => DateTimeOffset.UtcNow.AddDays(ahead).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    public HttpClient Client(string? key = AdminKey)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async Task<HttpClient> ClientOfRole(string role)
    {
        using var admin = Client();
        var made = await admin.PostOk("/v1/keys", $$"""{"role":"{{role}}","note":"test"}""", HttpStatusCode.Created);
        return Client(made.Text("key"));
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await mesh.DisposeAsync();
        if (ownsJournal) await journal.DisposeAsync();
    }
}

/// <summary>Short words for requests and what they bring.</summary>
internal static class Requests
{
    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static async Task<JsonElement> PutOk(this HttpClient client, string path, string body)
    {
        using var response = await client.PutAsync(path, Json(body));
        return await BodyOf(response, HttpStatusCode.OK);
    }

    public static async Task<JsonElement> PostOk(this HttpClient client, string path, string body = "{}", HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await client.PostAsync(path, Json(body));
        return await BodyOf(response, expected);
    }

    public static async Task<JsonElement> GetOk(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return await BodyOf(response, HttpStatusCode.OK);
    }

    public static async Task<JsonElement> BodyOf(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.PathAndQuery}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asserts a problem of this status and code, and returns it.</summary>
    public static async Task<JsonElement> Problem(this Task<HttpResponseMessage> sent, HttpStatusCode status, string code, string? field = null)
    {
        using var response = await sent;
        var problem = await BodyOf(response, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.Text("code"));
        if (field is not null) Assert.Contains(field, problem.GetProperty("errors").EnumerateArray().Select(e => e.Text("field")));
        return problem;
    }

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static string Lead(string email, string campaign = "spring") => $$$"""{"campaign":"{{{campaign}}}","contact":{"name":"Ben","email":"{{{email}}}"}}""";

    public static async Task<HttpResponseMessage> PostKeyed(this HttpClient client, string path, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    /// <summary>Reads until what is read fits; fails with the last thing read.</summary>
    public static async Task<JsonElement> Until(this HttpClient client, string path, Func<JsonElement, bool> fits)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (true)
        {
            var read = await client.GetOk(path);
            if (fits(read)) return read;
            Assert.True(DateTime.UtcNow < deadline, $"{path} never fitted; last: {read}");
            await Task.Delay(20);
        }
    }
}
