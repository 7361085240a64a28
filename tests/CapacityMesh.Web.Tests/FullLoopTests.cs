using System.Globalization;
using System.Net;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: for every platform the whole loop closes: leads come in its own way, capacity saturates, the campaign pauses there and is read back, capacity
// frees, exactly what we changed is taken back, and the deal that was won is told once.
// Method: a stand-in that behaves as documented, on a real socket; nothing is held or advised by hand.
public sealed class FullLoopTests
{
    private const string Process = """
        {"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.5,"promise":"P2D","wins":true}],
         "risk":0.1,"offerTimeout":"PT5M","waitlist":{"limit":200,"expires":"P14D"}}
        """;

    private static async Task LeadInAsync(HttpClient caller, IAdDialect dialect, string path, int n)
    {
        var (email, campaign) = ($"lead{n}@example.com", AdPlatform.Campaign);
        using var sent = dialect.Platform switch
        {
            "google" => await caller.PostAsync(path, Requests.Json($$"""{"lead_id":"g{{n}}","campaign_id":{{campaign}},"google_key":"s3cret","gcl_id":"click-{{n}}","user_column_data":[{"column_id":"EMAIL","string_value":"{{email}}"}]}""")),
            "meta" => await MetaAsync(caller, path, 123456789012340L + n),
            "linkedin" => await LinkedInAsync(caller, path, n),
            "tiktok" => await TikTokAsync(caller, path, $$$"""{"campaign_id":"{{{campaign}}}","lead":{"id":{{{n}}},"email":"{{{email}}}"}}"""),
            // Microsoft calls nobody: its leads come by a form on a page.
            _ => await caller.PostAsync("/v1/leads", Requests.Json($$$"""{"campaign":"spring","contact":{"email":"{{{email}}}"},"touch":{"msclkid":"ms-{{{n}}}"}}""")),
        };
        Assert.True(sent.IsSuccessStatusCode, $"{(int)sent.StatusCode} {await sent.Content.ReadAsStringAsync()}");
    }

    private static Task<HttpResponseMessage> MetaAsync(HttpClient caller, string path, long id)
    {
        var body = $$$"""{"object":"page","entry":[{"id":"1","time":1,"changes":[{"field":"leadgen","value":{"leadgen_id":"{{{id}}}"}}]}]}""";
        return caller.PostSigned(path, body, "X-Hub-Signature-256", $"sha256={PlatformCalls.HmacHex("app", body)}");
    }

    private static Task<HttpResponseMessage> LinkedInAsync(HttpClient caller, string path, int n)
    {
        var body = $$"""{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:r{{n}}","leadAction":"CREATED","occurredAt":1793535000000}""";
        return caller.PostSigned(path, body, "X-LI-Signature", PlatformCalls.HmacHex("client", "hmacsha256=" + body));
    }

    private static Task<HttpResponseMessage> TikTokAsync(HttpClient caller, string path, string content)
    {
        var body = $$"""{"client_key":"k","event":"lead","create_time":1,"content":{{JsonSerializer.Serialize(content)}}}""";
        var stamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return caller.PostSigned(path, body, "tiktok-signature", $"t={stamp},s={PlatformCalls.HmacHex("client", $"{stamp}.{body}")}");
    }

    [Theory]
    [InlineData("google")]
    [InlineData("meta")]
    [InlineData("linkedin")]
    [InlineData("microsoft")]
    [InlineData("tiktok")]
    public async Task Leads_saturate_the_campaign_pauses_capacity_frees_it_resumes_and_the_deal_is_told_once(string name)
    {
        await using var platform = await AdPlatform.StartAsync(AdDialects.Of(name));
        var dialect = platform.Dialect;
        await using var server = await Server.StartAsync(PlatformCalls.Near);
        using var admin = server.Client();
        using var caller = server.Client(name == "microsoft" ? Server.AdminKey : null);
        await admin.PutOk("/v1/process", Process);
        await admin.PutOk("/v1/people/anna", """{"name":"Anna","pools":["sales"],"weeklyCapacity":4,"concurrent":4}""");
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"x","valuePerWin":{"amount":"1500.00","currency":"EUR"},"limits":{"minDwell":"PT0S","changesPerHour":60}}""");
        var made = await admin.PostOk("/v1/connectors", dialect.Connector(platform.Address, ""","actuate":"apply" """), HttpStatusCode.Created);
        var path = made.Text("capturePath")!;
        await admin.Until("/v1/actuators", a => One(a).ValueKind is JsonValueKind.Object && One(a).GetProperty("applied").ValueKind is JsonValueKind.Object);

        for (var n = 1; n <= 30; n++) await LeadInAsync(caller, dialect, path, n);
        // Her offers taken, Anna has no room left: the pool says so, and the plan follows.
        await AcceptAllAsync(admin);
        await platform.Until(p => p.Status == dialect.Paused);
        var paused = (await admin.Until("/v1/actuators", a => One(a).GetProperty("applied").Text("action") == "pause")).GetProperty("items")[0];
        Assert.Equal(("us", true), (paused.Text("pausedBy"), paused.GetProperty("readBack").GetProperty("paused").GetBoolean()));
        Assert.Equal("pause", (await admin.GetOk("/v1/campaigns/spring")).GetProperty("acknowledged").Text("applied"));

        await admin.PutOk("/v1/people/bob", """{"name":"Bob","pools":["sales"],"weeklyCapacity":2000,"concurrent":500}""");
        await admin.Until("/v1/spend/spring", s => s.Text("action") == "run");
        await platform.Until(p => p.Status == dialect.Active && p.Budget == dialect.Budget);
        var running = One(await admin.Until("/v1/actuators", a => One(a).GetProperty("applied").Text("action") == "run" && One(a).GetProperty("ours").GetProperty("confirmed").GetBoolean()));
        Assert.Equal(("nobody", false), (running.Text("pausedBy"), running.GetProperty("ours").GetProperty("paused").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, running.GetProperty("drift").ValueKind);

        await WinAsync(admin);
        if (name == "tiktok") return;
        await platform.Until(p => !p.Uploads.IsEmpty);
        var outcomes = $"/v1/connectors/{made.Text("id")}/outcomes";
        if (name == "google") await admin.Until(outcomes, o => One(o).ValueKind is JsonValueKind.Object && One(o).Text("state") == "sent");
        else await admin.Until(outcomes, o => One(o).ValueKind is JsonValueKind.Object && One(o).Text("state") == "done");
        Assert.Single(platform.Uploads);
        Assert.Contains(name switch { "google" => "\"1500", "meta" => "\"Converted\"", "linkedin" => "\"1500.00\"", _ => "\"ms-" }, platform.Uploads.Single().Replace(":1500", ":\"1500", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("@", platform.Uploads.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_propose_mode_the_platform_hears_nothing_before_somebody_approves()
    {
        await using var platform = await AdPlatform.StartAsync(AdDialects.Of("microsoft"));
        await using var server = await Server.StartAsync(PlatformCalls.Near);
        using var admin = server.Client();
        await admin.PutOk("/v1/process", Process);
        await admin.PutOk("/v1/people/anna", """{"name":"Anna","pools":["sales"],"weeklyCapacity":4,"concurrent":4}""");
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"x","mode":"propose","limits":{"minDwell":"PT0S","changesPerHour":60}}""");
        await admin.PostOk("/v1/connectors", platform.Dialect.Connector(platform.Address, ""","actuate":"apply" """), HttpStatusCode.Created);
        for (var n = 1; n <= 30; n++) await LeadInAsync(admin, platform.Dialect, "", n);
        await AcceptAllAsync(admin);
        await admin.Until("/v1/spend/spring", s => s.GetProperty("proposed") is { ValueKind: JsonValueKind.Object } proposed && proposed.Text("action") == "pause");
        Assert.Equal("propose", One(await admin.Until("/v1/actuators", a => One(a).ValueKind is JsonValueKind.Object && One(a).GetProperty("applied").ValueKind is JsonValueKind.Object)).Text("mode"));
        Assert.Equal("", platform.Changes);
        await admin.PostOk("/v1/spend/spring/approve");
        await platform.Until(p => p.Status == "Paused");
    }

    private static JsonElement One(JsonElement list) => list.GetProperty("items").EnumerateArray().FirstOrDefault();

    private static async Task AcceptAllAsync(HttpClient admin)
    {
        await admin.Until("/v1/leads?limit=100", l => l.GetProperty("items").GetArrayLength() == 30);
        foreach (var item in (await admin.GetOk("/v1/leads?state=offered")).GetProperty("items").EnumerateArray())
        {
            var lead = await admin.GetOk($"/v1/leads/{item.Text("id")}");
            await admin.PostOk($"/v1/leads/{item.Text("id")}/accept", $$"""{"person":"{{lead.Text("person")}}"}""");
        }
    }

    private static async Task WinAsync(HttpClient admin)
    {
        var leads = await admin.Until("/v1/leads?state=offered", l => l.GetProperty("items").GetArrayLength() > 0);
        var lead = await admin.GetOk($"/v1/leads/{leads.GetProperty("items")[0].Text("id")}");
        var (id, person) = (lead.Text("id"), lead.Text("person"));
        await admin.PostOk($"/v1/leads/{id}/accept", $$"""{"person":"{{person}}"}""");
        await admin.PostOk($"/v1/leads/{id}/complete", $$"""{"person":"{{person}}","outcome":"passed"}""");
    }
}
