using System.Net;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: the audit names each missing wire of a half-configured channel, and a line for everything that was sent and became no lead.
// Method: channels wired step by step over HTTP, and bad input through real connectors.
public sealed class AuditTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        admin = server.Client();
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    private async Task<JsonElement> ChannelAsync(string name) => (await admin.GetOk("/v1/audit")).GetProperty("channels").EnumerateArray().Single(c => c.Text("channel") == name);

    private static string[] Codes(JsonElement channel, string layer, string which) => [.. channel.GetProperty(layer).GetProperty(which).EnumerateArray().Select(w => w.Text("code")!)];

    [Fact]
    public async Task A_channel_that_is_only_described_misses_everything_else()
    {
        var google = await ChannelAsync("google");
        Assert.False(google.GetProperty("isWhole").GetBoolean());
        Assert.Equal(["connector", "leads"], Codes(google, "capture", "missing"));
        Assert.Equal(["process", "capacity", "campaigns"], Codes(google, "routing", "wired"));
        Assert.Equal(["value"], Codes(google, "routing", "missing"));
        Assert.Equal(["firstResponse", "messagePromise"], Codes(google, "execution", "wired"));
        Assert.Equal(["followUp"], Codes(google, "execution", "missing"));
        Assert.Subset(Codes(google, "feedback", "missing").ToHashSet(), new HashSet<string> { "spendSignal", "costs" });
    }

    [Fact]
    public async Task Each_wire_that_is_laid_moves_from_missing_to_wired()
    {
        await admin.ConnectorAsync("""{"platform":"meta","secrets":{"appSecret":"s"}}""");
        var meta = await ChannelAsync("meta");
        Assert.Equal(["secret.verifyToken", "secret.accessToken", "campaignMap", "leads"], Codes(meta, "capture", "missing"));
        Assert.Equal(["campaigns"], Codes(meta, "routing", "missing"));
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring search","channel":"google","promise":{"id":"audit","text":"A free audit"},"valuePerWin":{"amount":"900","currency":"EUR"}}""");
        await admin.PostOk("/v1/campaigns/spring/costs", $$$"""{"day":"{{{DateTime.UtcNow:yyyy-MM-dd}}}","amount":{"amount":"1.00","currency":"EUR"}}""");
        await admin.PostOk("/v1/spend/spring/acknowledge", """{"version":0,"applied":"run"}""");
        await admin.PostOk("/v1/leads", Requests.Lead("a@example.com"), HttpStatusCode.Created);
        await admin.Until("/v1/campaigns/spring", c => c.GetProperty("outcomes").GetProperty("captured").GetInt32() == 1);
        var google = await ChannelAsync("google");
        Assert.Equal(["connector"], Codes(google, "capture", "missing"));
        Assert.Empty(Codes(google, "routing", "missing"));
        Assert.Subset(Codes(google, "feedback", "wired").ToHashSet(), new HashSet<string> { "spendSignal", "costs" });
    }

    [Fact]
    public async Task Unknown_campaigns_and_forms_are_attributed_to_nobody_and_named_until_somebody_describes_them()
    {
        var path = await admin.ConnectorAsync("""{"platform":"google","secrets":{"key":"k"}}""");
        using var anyone = server.Client(key: null);
        var lead = """{"lead_id":"L1","google_key":"k","form_id":77,"user_column_data":[{"column_id":"EMAIL","string_value":"a@example.com"}]}""";
        (await anyone.PostAsync(path, Requests.Json(lead))).EnsureSuccessStatusCode();
        await admin.PostOk("/v1/leads", Requests.Lead("b@example.com", "nobody-knows"), HttpStatusCode.Created);
        var unattributed = (await admin.Until("/v1/audit", a => a.GetProperty("unattributed").GetProperty("leads").GetInt32() == 2)).GetProperty("unattributed");
        Assert.Equal(["google:77", "nobody-knows"], unattributed.GetProperty("unknownCampaigns").EnumerateArray().Select(c => c.Text("name")).Order(StringComparer.Ordinal));
        await admin.PutOk("/v1/campaigns/nobody-knows", """{"name":"Known now","channel":"google"}""");
        Assert.Equal(["google:77"], (await admin.GetOk("/v1/audit")).GetProperty("unattributed").GetProperty("unknownCampaigns").EnumerateArray().Select(c => c.Text("name")));
    }

    [Theory]
    [InlineData("""{"lead_id":"L1","google_key":"wrong"}""", 401, "unauthenticated")]
    [InlineData("""{"lead_id":"L1","google_key":"k","user_column_""", 400, "malformed")]
    [InlineData("""{"google_key":"k"}""", 400, "malformed")]
    [InlineData("""{"lead_id":"L1","google_key":"k","user_column_data":[{"column_id":"FULL_NAME","string_value":"Ben"}]}""", 400, "withoutContact")]
    [InlineData("""{"lead_id":"L1","google_key":"k","is_test":true}""", 200, "test")]
    public async Task Everything_that_becomes_no_lead_has_its_line(string body, int status, string result)
    {
        var path = await admin.ConnectorAsync("""{"platform":"google","secrets":{"key":"k"}}""");
        using var anyone = server.Client(key: null);
        for (var i = 0; i < 3; i++) Assert.Equal(status, (int)(await anyone.PostAsync(path, Requests.Json(body))).StatusCode);
        var line = Assert.Single((await admin.GetOk("/v1/audit")).GetProperty("received").EnumerateArray());
        Assert.Equal(("google", result, 3), (line.Text("platform"), line.Text("result"), line.GetProperty("count").GetInt32()));
        await admin.UntilCounted("google", result, 3);
        // Another time it counts on from where it was.
        await anyone.PostAsync(path, Requests.Json(body));
        Assert.Equal(4, (await admin.GetOk("/v1/audit")).GetProperty("received")[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_lead_that_could_not_be_fetched_is_listed_and_fetched_again_when_asked()
    {
        var isDown = true;
        await using var graph = await StandIn.StartAsync((_, _) => isDown ? (500, "") : (200, """{"id":"123","created_time":"2026-11-20T10:00:00+0000","field_data":[{"name":"email","values":["a@example.com"]}]}"""));
        await using var hasty = await Server.StartOpenAsync(configure: o => PlatformCalls.Near(o) with { CalloutGiveUpAfter = TimeSpan.FromMilliseconds(100) });
        using var operating = hasty.Client();
        var path = await operating.ConnectorAsync($$"""{"platform":"meta","secrets":{"appSecret":"s","verifyToken":"v","accessToken":"t"},"apiBaseUrl":"{{graph.Address}}"}""");
        var id = path[(path.LastIndexOf('/') + 1)..];
        const string post = """{"object":"page","entry":[{"id":"1","changes":[{"field":"leadgen","value":{"leadgen_id":"123"}}]}]}""";
        using var anyone = hasty.Client(key: null);
        (await anyone.PostSigned(path, post, "X-Hub-Signature-256", "sha256=" + PlatformCalls.HmacHex("s", post))).EnsureSuccessStatusCode();
        var parked = (await operating.Until($"/v1/connectors/{id}/parked", p => p.GetProperty("items").GetArrayLength() == 1)).GetProperty("items")[0];
        Assert.Equal("123", parked.Text("platformLead"));
        Assert.Equal(1, (await operating.GetOk("/v1/audit")).GetProperty("parkedLeads").GetInt32());
        isDown = false;
        Assert.Equal(HttpStatusCode.Accepted, (await operating.PostAsync($"/v1/connectors/{id}/parked/{parked.Text("id")}/retry", Requests.Json(""))).StatusCode);
        await operating.LeadsAsync(1);
        Assert.Equal(0, (await operating.GetOk($"/v1/connectors/{id}/parked")).GetProperty("items").GetArrayLength());
        await operating.PostAsync($"/v1/connectors/{id}/parked/nothing/retry", Requests.Json("")).Problem(HttpStatusCode.NotFound, "parkedLeadUnknown");
    }
}
