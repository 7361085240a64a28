using System.Net;
using CapacityMesh.Runtime.Journal.Memory;

namespace CapacityMesh.Web.Tests;

// Goal: Meta's ids become leads once each, whatever the Graph API answers meanwhile and whether or not we are restarted.
// Method: a stand-in for the Graph API on a real socket; posts signed by an independent computation.
public sealed class MetaCaptureTests : IAsyncLifetime
{
    private StandIn graph = null!;
    private Server server = null!;
    private HttpClient admin = null!;
    private HttpClient meta = null!;
    private string path = null!;
    private Func<Sent, int, (int, string)> answer = (sent, _) => (200, Lead(sent.Path.Split('/')[^1]));

    public async Task InitializeAsync()
    {
        graph = await StandIn.StartAsync((sent, n) => answer(sent, n));
        server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        admin = server.Client();
        meta = server.Client(key: null);
        path = await admin.ConnectorAsync(Connector());
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        meta.Dispose();
        await server.DisposeAsync();
        await graph.DisposeAsync();
    }

    private string Connector() => $$$"""{"platform":"meta","secrets":{"appSecret":"app","verifyToken":"verify","accessToken":"token"},"apiBaseUrl":"{{{graph.Address}}}","campaigns":{"555":"spring"}}""";

    private static string Lead(string id) => $$"""
        {"id":"{{id}}","created_time":"2026-11-01T12:30:00+0000","campaign_id":"555","form_id":"9","field_data":[{"name":"email","values":["p{{id}}@example.com"]},{"name":"full_name","values":["Pia Pohl"]},{"name":"budget?","values":["5k","10k"]}]}
        """;

    private static string Body(params string[] ids) => $$"""{"object":"page","entry":[{{string.Join(',', ids.Select(id => $$$"""{"id":"1","time":1,"changes":[{"field":"feed","value":{}},{"field":"leadgen","value":{"leadgen_id":{{{id}}},"page_id":1,"form_id":"9","created_time":1}}]}"""))}}]}""";

    private Task<HttpResponseMessage> Post(string body, string secret = "app") => meta.PostSigned(path, body, "X-Hub-Signature-256", $"sha256={PlatformCalls.HmacHex(secret, body)}");

    [Fact]
    public async Task The_handshake_echoes_the_challenge_to_those_who_know_the_token()
    {
        using var yes = await meta.GetAsync($"{path}?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=1158201444");
        Assert.Equal((HttpStatusCode.OK, "text/plain", "1158201444"), (yes.StatusCode, yes.Content.Headers.ContentType?.MediaType, await yes.Content.ReadAsStringAsync()));
        await meta.GetAsync($"{path}?hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1").Problem(HttpStatusCode.Forbidden, "verifyTokenWrong");
        await meta.GetAsync($"{path}?hub.mode=other&hub.verify_token=verify&hub.challenge=1").Problem(HttpStatusCode.Forbidden, "verifyTokenWrong");
        await meta.GetAsync("/v1/capture/meta/nobody").Problem(HttpStatusCode.NotFound, "connectorUnknown");
    }

    [Fact]
    public async Task Several_changes_in_one_post_are_fetched_and_become_leads()
    {
        Assert.Equal(HttpStatusCode.OK, (await Post(Body("111222333444555666", "\"222\"", "111222333444555666"))).StatusCode);
        var leads = await admin.LeadsAsync(2);
        Assert.All(leads, l => Assert.Equal("spring", l.Text("campaign")));
        var asked = await graph.Until(2);
        Assert.All(asked, a => Assert.Equal(("GET", "Bearer token"), (a.Method, a.Headers["authorization"])));
        Assert.Contains(asked, a => a.Path == "/v26.0/111222333444555666" && a.Query.Contains("field_data", StringComparison.Ordinal));
        var lead = await admin.GetOk($"/v1/leads/{leads[0].Text("id")}");
        Assert.Equal("Pia Pohl", lead.GetProperty("profile").Text("name"));
        Assert.Contains("5k, 10k", lead.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_is_thanked_and_not_fetched_again()
    {
        Assert.Equal(HttpStatusCode.OK, (await Post(Body("1"))).StatusCode);
        await admin.LeadsAsync(1);
        await admin.UntilCounted("meta", "captured", 1);
        Assert.Equal(HttpStatusCode.OK, (await Post(Body("1"))).StatusCode);
        await admin.UntilCounted("meta", "repeated", 1);
        Assert.Single(await graph.Until(1));
        Assert.Single(await admin.LeadsAsync(1));
    }

    [Fact]
    public async Task The_signature_is_over_the_bytes_and_must_be_right()
    {
        const string escaped = """{"object":"page","x":"\u00e4","entry":[]}""";
        Assert.Equal(HttpStatusCode.OK, (await Post(escaped)).StatusCode);
        await Post(Body("1"), secret: "guess").Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await meta.PostSigned(path, Body("1"), "X-Hub-Signature-256", "sha256=zz").Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await meta.PostAsync(path, Requests.Json(Body("1"))).Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await Post(Body("1")[..40]).Problem(HttpStatusCode.BadRequest, "malformed");
        await Post($"\"{new string('x', 1024 * 1024)}\"").Problem(HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
        Assert.Empty(graph.Requests);
    }

    [Fact]
    public async Task The_graph_may_fail_in_many_ways_before_it_answers()
    {
        answer = (sent, n) => n switch
        {
            0 => (500, "oops"),
            1 => (200, """{"error":{"code":80005,"message":"slow down"}}"""),
            2 => (200, "not json"),
            3 => (302, graph.Address + "/elsewhere"),
            4 => (200, new string('x', 400_000)),
            _ => (200, Lead("1")),
        };
        Assert.Equal(HttpStatusCode.OK, (await Post(Body("1"))).StatusCode);
        await admin.LeadsAsync(1);
        Assert.DoesNotContain(graph.Requests, r => r.Path == "/elsewhere");
        await admin.UntilCounted("meta", "fetchFailed", 5);
    }

    [Fact]
    public async Task A_lead_that_nobody_can_reach_is_counted_and_not_tried_again()
    {
        answer = (_, _) => (200, """{"id":"1","field_data":[{"name":"full_name","values":["Pia"]}]}""");
        Assert.Equal(HttpStatusCode.OK, (await Post(Body("1"))).StatusCode);
        await admin.UntilCounted("meta", "withoutContact", 1);
        Assert.Single(graph.Requests);
    }

    [Fact]
    public async Task What_was_thanked_is_fetched_after_a_restart()
    {
        await using var journal = new MemoryJournal();
        answer = (_, _) => (503, "");
        string own;
        await using (var first = await Server.StartOpenAsync(configure: PlatformCalls.Near, given: journal))
        {
            using var setup = first.Client();
            own = await setup.ConnectorAsync(Connector());
            using var caller = first.Client(key: null);
            var body = Body("42");
            Assert.Equal(HttpStatusCode.OK, (await caller.PostSigned(own, body, "X-Hub-Signature-256", $"sha256={PlatformCalls.HmacHex("app", body)}")).StatusCode);
            await graph.Until(1);
        }
        answer = (_, _) => (200, Lead("42"));
        await using var second = await Server.StartAsync(PlatformCalls.Near, journal);
        using var again = second.Client();
        Assert.Equal("spring", Assert.Single(await again.LeadsAsync(1)).Text("campaign"));
    }

    [Fact]
    public async Task Our_own_network_is_not_called_unless_allowed()
    {
        await using var careful = await Server.StartOpenAsync(configure: o => o with { CalloutRetryAfter = TimeSpan.FromMilliseconds(20) });
        using var setup = careful.Client();
        await setup.PostAsync("/v1/connectors", Requests.Json(Connector())).Problem(HttpStatusCode.BadRequest, "invalidUrl", "apiBaseUrl");
        var own = await setup.ConnectorAsync(Connector().Replace("http://127.0.0.1", "https://127.0.0.1", StringComparison.Ordinal));
        using var caller = careful.Client(key: null);
        var body = Body("1");
        Assert.Equal(HttpStatusCode.OK, (await caller.PostSigned(own, body, "X-Hub-Signature-256", $"sha256={PlatformCalls.HmacHex("app", body)}")).StatusCode);
        await setup.UntilCounted("meta", "fetchFailed", 2);
        Assert.Empty(graph.Requests);
    }
}
