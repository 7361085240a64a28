using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: a board shows what is committed, learns of changes by itself, in order, and only of its own workspace.
// Method: the socket's own JSON protocol by hand; server-sent events; the described API.
public sealed class BoardTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync();
        admin = server.Client();
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_socket_gets_a_snapshot_and_then_deltas_in_order()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Server.AdminKey}");
        await socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/hubs/board"), limit.Token);
        var incoming = new Queue<JsonElement>();
        await SendAsync(socket, """{"protocol":"json","version":1}""", limit.Token);
        await SendAsync(socket, """{"type":1,"invocationId":"1","target":"Watch","arguments":[]}""", limit.Token);
        var snapshot = (await NextAsync(socket, incoming, m => Type(m) == 3, limit.Token)).GetProperty("result");
        var cards = snapshot.GetProperty("cards");
        Assert.Equal("Anna Ahrens", cards.GetProperty("person/anna").Text("name"));
        Assert.Equal("Spring search", cards.GetProperty("campaign/spring").Text("name"));
        Assert.Equal("open", cards.GetProperty("flow").Text("gate"));
        Assert.Equal("open", cards.GetProperty("slot/s1").Text("state"));
        await admin.PostOk("/v1/people/anna/status", """{"status":"away"}""");
        var seq = snapshot.GetProperty("seq").GetInt64();
        while (true)
        {
            var delta = (await NextAsync(socket, incoming, m => Type(m) == 1 && m.Text("target") == "delta", limit.Token)).GetProperty("arguments")[0];
            if (delta.GetProperty("seq").GetInt64() <= seq) continue;
            Assert.Equal(++seq, delta.GetProperty("seq").GetInt64());
            if (delta.GetProperty("cards").TryGetProperty("person/anna", out var card) && card.Text("status") == "away") break;
        }
        await admin.PostOk("/v1/slots/s8/withdraw");
        while (true)
        {
            var delta = (await NextAsync(socket, incoming, m => Type(m) == 1, limit.Token)).GetProperty("arguments")[0];
            if (delta.GetProperty("cards").TryGetProperty("slot/s8", out var card) && card.ValueKind is JsonValueKind.Null) break;
        }
    }

    [Fact]
    public async Task Events_begin_with_a_snapshot_and_go_on_with_deltas()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var response = await admin.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        Assert.Equal("event: snapshot", await reader.ReadLineAsync(limit.Token));
        await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        string? line;
        while ((line = await reader.ReadLineAsync(limit.Token)) is not null && !line.Contains("A lead was let in.", StringComparison.Ordinal)) { }
        Assert.NotNull(line);
    }

    [Fact]
    public async Task A_foreign_page_opens_no_socket_with_our_cookie()
    {
        using var browser = server.Client(null);
        var login = await browser.PostAsync("/login", new FormUrlEncodedContent([new("key", Server.AdminKey)]));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{server.Address.Authority}/hubs/board"), CancellationToken.None));
    }

    [Fact]
    public async Task The_description_names_every_route_with_its_parameters_and_problems()
    {
        using var nobody = server.Client(null);
        var described = await nobody.GetOk("/openapi/v1.json");
        Assert.StartsWith("3.", described.Text("openapi"), StringComparison.Ordinal);
        var paths = described.GetProperty("paths");
        foreach (var path in new[] { "/v1/leads", "/v1/leads/{id}/why", "/v1/leads/{id}/accept", "/v1/process", "/v1/people/{id}", "/v1/slots/{id}/withdraw", "/v1/campaigns/{id}/costs", "/v1/spend/{campaign}/hold", "/v1/keys", "/v1/workspaces", "/v1/board", "/v1/constraint/history", "/metrics" })
        {
            Assert.True(paths.TryGetProperty(path, out _), $"{path} is not described");
        }
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var named = operation.Value.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Where(p => p.Text("in") == "path").Select(p => p.Text("name")!).ToArray() : [];
                Assert.Equal(path.Name.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}')), named);
                Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
            }
        }
        var post = paths.GetProperty("/v1/leads").GetProperty("post");
        Assert.True(post.GetProperty("responses").TryGetProperty("422", out _) && post.GetProperty("responses").TryGetProperty("201", out _) && post.TryGetProperty("requestBody", out _));
    }

    [Fact]
    public async Task Metrics_count_requests_and_turns()
    {
        await admin.GetOk("/v1/spend");
        using var nobody = server.Client(null);
        var text = await nobody.GetStringAsync("/metrics");
        Assert.Contains("capacitymesh_http_requests_total{route=\"/v1/spend\",method=\"GET\",status=\"200\"}", text, StringComparison.Ordinal);
        Assert.Contains("capacitymesh_turns_total{machine=\"flow\"}", text, StringComparison.Ordinal);
        nobody.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        await nobody.GetAsync("/metrics").Problem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    private static int Type(JsonElement message) => message.TryGetProperty("type", out var type) ? type.GetInt32() : 0;

    private static Task SendAsync(ClientWebSocket socket, string text, CancellationToken cancel) =>
        socket.SendAsync(Encoding.UTF8.GetBytes($"{text}\u001e"), WebSocketMessageType.Text, true, cancel);

    private static async Task<JsonElement> NextAsync(ClientWebSocket socket, Queue<JsonElement> incoming, Func<JsonElement, bool> fits, CancellationToken cancel)
    {
        while (true)
        {
            while (incoming.TryDequeue(out var message))
            {
                if (fits(message)) return message;
            }
            var (bytes, buffer) = (new MemoryStream(), new byte[64 * 1024]);
            WebSocketReceiveResult read;
            do
            {
                read = await socket.ReceiveAsync(buffer, cancel);
                bytes.Write(buffer, 0, read.Count);
            }
            while (!read.EndOfMessage || bytes.Length == 0 || bytes.ToArray()[^1] != 0x1e);
            foreach (var part in Encoding.UTF8.GetString(bytes.ToArray()).Split('\u001e', StringSplitOptions.RemoveEmptyEntries)) incoming.Enqueue(JsonDocument.Parse(part).RootElement);
        }
    }
}
