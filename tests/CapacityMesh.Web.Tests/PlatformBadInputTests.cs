using System.Globalization;
using System.Net;
using System.Text.Json;
using CapacityMesh.Runtime.Hosting.Local;

namespace CapacityMesh.Web.Tests;

// Goal: whatever a platform sends, each kind of bad input has its documented answer, a count, a line in the audit, and no lead too many or too few.
// Method: one table for all platforms, over HTTP; signatures computed apart; a good lead before and after each, so that nothing is stuck.
public sealed class PlatformBadInputTests
{
    private const int Mebi = 1024 * 1024;

    private static string Secret(string platform) => platform is "meta" ? "app" : platform is "google" ? "s3cret" : "client";

    private static string Good(string platform, string id) => platform switch
    {
        "google" => $$"""{"lead_id":"{{id}}","google_key":"s3cret","campaign_id":{{AdPlatform.Campaign}},"user_column_data":[{"column_id":"EMAIL","string_value":"p{{id}}@example.com"}]}""",
        "meta" => $$$"""{"object":"page","entry":[{"id":"1","changes":[{"field":"leadgen","value":{"leadgen_id":"{{{id}}}"}}]}]}""",
        "linkedin" => $$"""{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:{{id}}","leadAction":"CREATED"}""",
        _ => $$"""{"event":"lead","content":{{JsonSerializer.Serialize($$$"""{"campaign_id":"{{{AdPlatform.Campaign}}}","lead":{"id":{{{id}}},"email":"p{{{id}}}@example.com"}}""")}}}""",
    };

    private static string Bad(string platform, string kind) => (kind, platform) switch
    {
        ("truncated", _) => Good(platform, "2")[..^8],
        ("tooLarge", _) => $$"""{"google_key":"s3cret","x":"{{new string('x', 5 * Mebi)}}"}""",
        ("wrongSecret", "google") => Good(platform, "2").Replace("s3cret", "guess", StringComparison.Ordinal),
        ("withoutContact", "google") => """{"lead_id":"2","google_key":"s3cret","user_column_data":[{"column_id":"FULL_NAME","string_value":"Pia"}]}""",
        ("withoutContact", "tiktok") => """{"event":"lead","content":"{\"lead\":{\"id\":2}}"}""",
        ("numbers", _) => Good(platform, "2").Replace("\"2\"", "2", StringComparison.Ordinal),
        _ => Good(platform, "2"),
    };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient caller, string platform, string body, string? secret = null, TimeSpan? ago = null)
    {
        var (path, key) = ("/v1/capture/" + platform + "/ads", secret ?? Secret(platform));
        if (platform is "google") return await caller.PostAsync(path, Requests.Json(body));
        if (platform is "meta") return await caller.PostSigned(path, body, "X-Hub-Signature-256", "sha256=" + PlatformCalls.HmacHex(key, body));
        if (platform is "linkedin") return await caller.PostSigned(path, body, "X-LI-Signature", PlatformCalls.HmacHex(key, "hmacsha256=" + body));
        var stamp = (DateTimeOffset.UtcNow - (ago ?? TimeSpan.Zero)).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return await caller.PostSigned(path, body, "tiktok-signature", $"t={stamp},s={PlatformCalls.HmacHex(key, $"{stamp}.{body}")}");
    }

    [Theory]
    [InlineData("google", "wrongSecret", 401, "unauthenticated", 2)]
    [InlineData("google", "truncated", 400, "malformed", 2)]
    [InlineData("google", "tooLarge", 413, "tooLarge", 2)]
    [InlineData("google", "withoutContact", 400, "withoutContact", 2)]
    [InlineData("google", "numbers", 200, "captured", 3)]
    [InlineData("google", "replayed", 200, "repeated", 3)]
    [InlineData("meta", "wrongSecret", 401, "unauthenticated", 2)]
    [InlineData("meta", "truncated", 400, "malformed", 2)]
    [InlineData("meta", "tooLarge", 413, "tooLarge", 2)]
    [InlineData("meta", "numbers", 200, "captured", 3)]
    [InlineData("meta", "replayed", 200, "repeated", 3)]
    [InlineData("linkedin", "wrongSecret", 401, "unauthenticated", 2)]
    [InlineData("linkedin", "truncated", 400, "malformed", 2)]
    [InlineData("linkedin", "tooLarge", 413, "tooLarge", 2)]
    [InlineData("linkedin", "replayed", 200, "repeated", 3)]
    [InlineData("tiktok", "wrongSecret", 401, "unauthenticated", 2)]
    [InlineData("tiktok", "stale", 401, "unauthenticated", 2)]
    [InlineData("tiktok", "early", 401, "unauthenticated", 2)]
    [InlineData("tiktok", "truncated", 400, "malformed", 2)]
    [InlineData("tiktok", "tooLarge", 413, "tooLarge", 2)]
    [InlineData("tiktok", "withoutContact", 400, "withoutContact", 2)]
    [InlineData("tiktok", "replayed", 200, "repeated", 3)]
    public async Task Each_has_its_answer_its_count_its_line_and_no_lead_too_many_or_too_few(string platform, string kind, int status, string result, int leads)
    {
        await using var api = await AdPlatform.StartAsync(AdDialects.Of(platform));
        await using var server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        using var admin = server.Client();
        using var caller = server.Client(key: null);
        await admin.PutOk("/v1/connectors/ads", api.Dialect.Connector(api.Address));
        Assert.True((await SendAsync(caller, platform, Good(platform, "1"))).IsSuccessStatusCode);
        await admin.LeadsAsync(1);
        var secret = kind is "wrongSecret" ? "guess" : null;
        // Our clock and theirs differ by more than is borne.
        TimeSpan? ago = kind is "stale" ? TimeSpan.FromMinutes(6) : kind is "early" ? TimeSpan.FromMinutes(-6) : null;
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(status, (int)(await SendAsync(caller, platform, Bad(platform, kind), secret, ago)).StatusCode);
            if (status == 200) await admin.LeadsAsync(2);
        }
        Assert.True((await SendAsync(caller, platform, Good(platform, "3"))).IsSuccessStatusCode);
        await admin.LeadsAsync(leads);
        var count = result switch { "captured" => 3, "repeated" => 2, _ => 3 };
        await admin.UntilCounted(platform, result, count);
        await admin.Until("/v1/audit", a => a.GetProperty("received").EnumerateArray().Any(l => (l.Text("platform"), l.Text("result"), l.GetProperty("count").GetInt32()) == (platform, result, count)));
    }

    [Theory]
    [InlineData("meta", "Reset")]
    [InlineData("meta", "Hang")]
    [InlineData("meta", "Error")]
    [InlineData("meta", "OkError")]
    [InlineData("meta", "Garbage")]
    [InlineData("linkedin", "Reset")]
    [InlineData("linkedin", "Hang")]
    [InlineData("linkedin", "Error")]
    [InlineData("linkedin", "Garbage")]
    public async Task A_lead_that_cannot_be_fetched_now_is_fetched_later_and_once(string platform, string fault)
    {
        await using var api = await AdPlatform.StartAsync(AdDialects.Of(platform));
        await using var server = await Server.StartOpenAsync(configure: o => PlatformCalls.Near(o) with { CalloutTimeout = TimeSpan.FromMilliseconds(400) });
        using var admin = server.Client();
        using var caller = server.Client(key: null);
        await admin.PutOk("/v1/connectors/ads", api.Dialect.Connector(api.Address));
        api.Misbehave = (op, n) => op.Kind == "lead" && n < 2 ? (Enum.Parse<AdFault>(fault), false) : null;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(caller, platform, Good(platform, "1"))).StatusCode);
        await admin.LeadsAsync(1);
        await admin.UntilCounted(platform, "fetchFailed", 2);
        Assert.Equal(3, api.Of("lead").Length);
        await admin.Until("/v1/audit", a => a.GetProperty("received").EnumerateArray().Any(l => (l.Text("result"), l.GetProperty("count").GetInt32()) == ("fetchFailed", 2)));
    }

    [Theory]
    [InlineData("meta")]
    [InlineData("linkedin")]
    public async Task While_a_platform_wants_quiet_for_an_hour_its_lead_waits_and_comes_in_then(string platform)
    {
        var time = new JumpingTime();
        await using var api = await AdPlatform.StartAsync(AdDialects.Of(platform));
        await using var server = await Server.StartAsync(PlatformCalls.Near, time: time);
        using var admin = server.Client();
        using var caller = server.Client(key: null);
        await admin.PutOk("/v1/connectors/ads", api.Dialect.Connector(api.Address));
        api.Misbehave = (op, n) => op.Kind == "lead" && n == 0 ? (AdFault.Throttle, false) : null;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(caller, platform, Good(platform, "1"))).StatusCode);
        await admin.UntilCounted(platform, "fetchFailed", 1);
        time.Jump(TimeSpan.FromMinutes(50));
        // Whoever is told again meanwhile does not ask again either.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(caller, platform, Good(platform, "1"))).StatusCode);
        Assert.Single(api.Of("lead"));
        time.Jump(TimeSpan.FromMinutes(11));
        await admin.LeadsAsync(1);
        Assert.Equal(2, api.Of("lead").Length);
    }

    [Theory]
    [InlineData("2040-01-01T00:00:00Z")]
    [InlineData("1990-01-01T00:00:00Z")]
    [InlineData("soon")]
    public async Task A_platforms_clock_that_goes_wrong_costs_no_lead(string submitted)
    {
        await using var server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        using var admin = server.Client();
        using var caller = server.Client(key: null);
        await admin.PutOk("/v1/connectors/ads", AdDialects.Of("google").Connector("http://127.0.0.1:9"));
        var body = Good("google", "1").Replace("\"lead_id\"", $"\"lead_submit_time\":\"{submitted}\",\"lead_id\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(caller, "google", body)).StatusCode);
        var lead = await admin.GetOk($"/v1/leads/{Assert.Single(await admin.LeadsAsync(1)).Text("id")}");
        Assert.InRange(lead.GetProperty("occurredAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Theory]
    [InlineData("google")]
    [InlineData("tiktok")]
    public async Task While_nothing_can_be_kept_the_platform_is_asked_to_come_again_and_it_is_counted(string platform)
    {
        await using var server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        using var admin = server.Client();
        using var caller = server.Client(key: null);
        await admin.PutOk("/v1/connectors/ads", AdDialects.Of(platform).Connector("http://127.0.0.1:9"));
        await ((LocalMesh)server.Mesh).StopAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync(caller, platform, Good(platform, "1"))).StatusCode);
        await admin.UntilCounted(platform, "unavailable", 1);
    }

    [Fact]
    public async Task A_form_that_is_too_large_or_without_a_way_to_reach_anybody_is_counted()
    {
        await using var server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        using var admin = server.Client();
        using var caller = server.Client(key: null);
        await admin.PutOk("/v1/connectors/page", """{"platform":"form"}""");
        Task<HttpResponseMessage> Post(string email) => caller.PostAsync("/v1/capture/form/page", new FormUrlEncodedContent([new("name", "Pia"), new("email", email)]));
        await Post(new string('x', 5 * Mebi)).Problem(HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
        await Post("").Problem(HttpStatusCode.BadRequest, "contactRequired");
        await admin.UntilCounted("form", "tooLarge", 1);
        await admin.UntilCounted("form", "withoutContact", 1);
        Assert.Empty(await admin.LeadsAsync(0));
    }
}
