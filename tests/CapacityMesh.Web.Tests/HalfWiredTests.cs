using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: whatever keeps a channel's spend from being steered, or its outcomes from being told, the audit names it; and no longer once it is mended.
// Method: connectors wired step by step, platforms that misbehave on real sockets, and the audit read after each step.
public sealed class HalfWiredTests
{
    public static TheoryData<string> All => ActuatorTests.All;

    private static async Task<Dictionary<string, string>> MissingAsync(HttpClient admin, string channel) => MissingOf(await admin.GetOk("/v1/audit"), channel);

    private static Dictionary<string, string> MissingOf(JsonElement audit, string channel) =>
        audit.GetProperty("channels").EnumerateArray().Single(c => c.Text("channel") == channel).GetProperty("feedback").GetProperty("missing").EnumerateArray()
            .Where(w => w.Text("code") is not ("spendSignal" or "costs")).GroupBy(w => w.Text("code")!).ToDictionary(g => g.Key, g => string.Join(' ', g.Select(w => w.Text("text"))));

    private static async Task<string> UntilMissing(Steered ads, string code) =>
        MissingOf(await ads.Admin.Until("/v1/audit", a => MissingOf(a, ads.Platform.Dialect.Platform).ContainsKey(code)), ads.Platform.Dialect.Platform)[code];

    [Theory]
    [InlineData("google", "map.customerId", true)]
    [InlineData("meta", "secret.accessToken", true)]
    [InlineData("linkedin", "map.adAccount", true)]
    [InlineData("microsoft", "map.accountId", true)]
    [InlineData("tiktok", "map.advertiserId", false)]
    public async Task A_half_configured_channel_names_each_missing_wire(string platform, string setting, bool tells)
    {
        await using var server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        using var admin = server.Client();
        string[] Codes(string[] steering, params string[] telling) => [.. steering, .. tells ? telling : []];
        async Task Expect(string[] expected) => Assert.Equal(expected.Order(StringComparer.Ordinal), (await MissingAsync(admin, platform)).Keys.Order(StringComparer.Ordinal));
        await admin.PutOk("/v1/campaigns/ads", $$"""{"name":"Ads","channel":"{{platform}}"}""");
        await Expect(Codes(["actuator"], "outcomes"));
        await admin.PutOk("/v1/connectors/c", $$"""{"platform":"{{platform}}"}""");
        await Expect(Codes(["actuator"], "outcomes"));
        var outcomes = tells ? ""","outcomes":{"won":"4711"}""" : "";
        await admin.PutOk("/v1/connectors/c", $$"""{"platform":"{{platform}}","actuate":"dryRun"{{outcomes}}}""");
        string[] told = platform switch { "meta" => ["outcomes.map.datasetId"], "linkedin" => [], _ => [$"outcomes.{setting}"] };
        await Expect(Codes([.. new[] { "actuator.dryRun", "actuator.secret.accessToken", $"actuator.{setting}", "actuator.campaigns" }.Distinct()], ["outcomes.secret.accessToken", "outcomes.campaigns", .. told]));
        // A refresh token alone makes no token where the platform makes them from it.
        await admin.PutOk("/v1/connectors/c", $$"""{"platform":"{{platform}}","actuate":"apply","secrets":{"refreshToken":"r"}{{outcomes}}}""");
        var missing = await MissingAsync(admin, platform);
        Assert.Equal(platform is "google" or "linkedin" or "microsoft", missing.ContainsKey("actuator.secret.oauthClientId") && missing.ContainsKey("actuator.secret.oauthClientSecret"));
        Assert.DoesNotContain("actuator.dryRun", missing.Keys);
        Assert.Contains("ads", missing["actuator.campaigns"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_channel_whose_wires_are_all_there_misses_none(string platform)
    {
        await using var ads = await Steered.StartAsync(platform);
        await ads.UntilApplied("run");
        Assert.Empty(await MissingAsync(ads.Admin, platform));
    }

    [Fact]
    public async Task A_script_that_polls_and_acknowledges_is_as_good_as_a_connector_that_steers()
    {
        await using var server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        using var admin = server.Client();
        Assert.Contains("actuator", (await MissingAsync(admin, "google")).Keys);
        await admin.PostOk("/v1/spend/spring/acknowledge", """{"version":0,"applied":"run"}""");
        Assert.DoesNotContain("actuator", (await MissingAsync(admin, "google")).Keys);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_error_a_drift_and_a_persons_pause_are_named_until_they_are_over(string platform)
    {
        await using var ads = await Steered.StartAsync(platform);
        await ads.UntilApplied("run");
        ads.Platform.Misbehave = (op, _) => op.Kind == "read" ? (AdFault.OkError, false) : null;
        await ads.SignalAsync("pause");
        Assert.Contains("spring (read: refused", await UntilMissing(ads, "actuator.error"), StringComparison.Ordinal);
        ads.Platform.Misbehave = (_, _) => null;
        await ads.UntilApplied("pause");
        Assert.Empty(await MissingAsync(ads.Admin, platform));
        ads.Platform.Status = ads.Platform.Dialect.Active;
        await ads.LookAsync();
        Assert.Contains($"spring (status is {ads.Platform.Dialect.Active}", await UntilMissing(ads, "actuator.drift"), StringComparison.Ordinal);
        ads.Platform.Status = ads.Platform.Dialect.Paused;
        await ads.SignalAsync("run");
        Assert.Contains($"spring ({ads.Platform.Dialect.Paused})", await UntilMissing(ads, "actuator.humanPause"), StringComparison.Ordinal);
        Assert.DoesNotContain("actuator.drift", (await MissingAsync(ads.Admin, platform)).Keys);
    }

    [Theory]
    [InlineData("google")]
    [InlineData("meta")]
    [InlineData("linkedin")]
    [InlineData("microsoft")]
    public async Task Outcomes_that_wait_and_dead_letters_are_named_until_they_are_sent(string platform)
    {
        await using var ads = await Steered.StartAsync(platform, more: "");
        var conversion = """ "outcomes":{"captured":"4711"} """;
        var connector = System.Text.RegularExpressions.Regex.Replace(ads.Platform.Dialect.Connector(ads.Platform.Address), "\"outcomes\":\\{[^}]*\\}", conversion);
        await ads.Admin.PutOk("/v1/connectors/ads", connector);
        ads.Platform.Misbehave = (op, _) => op.Kind == "upload" ? (AdFault.Error, false) : null;
        await ads.Admin.PostOk("/v1/leads", Requests.Lead("a@example.com"), System.Net.HttpStatusCode.Created);
        Assert.Contains("unavailable", await UntilMissing(ads, "outcomes.error"), StringComparison.Ordinal);
        ads.Platform.Misbehave = (op, _) => op.Kind == "upload" ? (AdFault.OkError, false) : null;
        Assert.StartsWith("1 outcomes were refused", await UntilMissing(ads, "outcomes.deadLetters"), StringComparison.Ordinal);
        ads.Platform.Misbehave = (_, _) => null;
        var dead = (await ads.Admin.GetOk("/v1/connectors/ads/outcomes?state=dead")).GetProperty("items")[0].Text("id");
        await ads.Admin.PostOk($"/v1/connectors/ads/outcomes/{dead}/resend");
        Assert.DoesNotContain("outcomes.deadLetters", (await MissingAsync(ads.Admin, platform)).Keys);
    }
}
