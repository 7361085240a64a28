using System.Net;
using System.Text;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: a platform follows the newest signal, whatever it answers; a person's pause and budget are theirs; what we changed comes back exactly.
// Method: stand-ins that remember what they are told, on real sockets; signals are a person's holds; time is set forward where the platform wants hours.
public sealed class ActuatorTests
{
    public static TheoryData<string> All => ["google", "meta", "linkedin", "microsoft", "tiktok"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_humans_pause_is_never_undone(string name)
    {
        await using var ads = await Steered.StartAsync(name, before: p => p.Status = p.Dialect.Paused);
        await ads.UntilApplied("run");
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        await ads.SignalAsync("run");
        var line = await ads.UntilApplied("run");
        Assert.Equal(("human", "pausedByHuman"), (line.Text("pausedBy"), line.Text("note")));
        Assert.Equal((ads.Platform.Dialect.Paused, ""), (ads.Platform.Status, ads.Platform.Changes));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Ease_sets_the_share_of_the_budget_and_run_brings_back_exactly_the_old_one(string name)
    {
        await using var ads = await Steered.StartAsync(name);
        await ads.SignalAsync("ease");
        var eased = await ads.UntilApplied("ease");
        Assert.Equal(ads.Platform.Dialect.Budget / 2, ads.Platform.Budget);
        Assert.Equal(ads.Platform.Dialect.Budget, eased.GetProperty("ours").GetProperty("budgetBefore").GetDecimal());
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        await ads.SignalAsync("run");
        var back = await ads.UntilApplied("run");
        Assert.Equal((ads.Platform.Dialect.Active, ads.Platform.Dialect.Budget), (ads.Platform.Status, ads.Platform.Budget));
        Assert.Equal(JsonValueKind.Null, back.GetProperty("ours").GetProperty("budget").ValueKind);
        var kinds = ads.Platform.Of("pause", "resume", "budget").Select(o => o.Kind);
        // The whole budget before the switch: never half of it on.
        Assert.Equal(["budget", "pause", "budget", "resume"], kinds);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_pause_that_was_done_though_no_answer_came_is_read_back_and_not_sent_again(string name)
    {
        await using var ads = await Steered.StartAsync(name);
        await ads.UntilApplied("run");
        ads.Platform.Misbehave = (op, n) => op.Kind == "pause" && n == 0 ? (AdFault.Reset, true) : null;
        await ads.SignalAsync("pause");
        var line = await ads.UntilApplied("pause");
        Assert.Equal(("us", "pause"), (line.Text("pausedBy"), ads.Platform.Changes));
        await ads.SignalAsync("run");
        await ads.UntilApplied("run");
        Assert.Equal("pause resume", ads.Platform.Changes);
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_deadline_changes_nothing_twice()
    {
        await using var ads = await Steered.StartAsync("linkedin", timeout: TimeSpan.FromMilliseconds(300));
        await ads.UntilApplied("run");
        ads.Platform.Misbehave = (op, n) => op.Kind == "pause" && n == 0 ? (AdFault.Hang, true) : null;
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        Assert.Equal("pause", ads.Platform.Changes);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_was_not_done_is_done_again_until_it_is(string name)
    {
        await using var ads = await Steered.StartAsync(name);
        await ads.UntilApplied("run");
        AdFault[] faults = [AdFault.Reset, AdFault.Error, AdFault.OkError, AdFault.Garbage];
        ads.Platform.Misbehave = (op, n) => (op.Kind == "pause" && n < faults.Length) || (op.Kind == "read" && n % 3 == 2 && n < 20) ? (faults[n % faults.Length], false) : null;
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        Assert.Equal(faults.Length + 1, ads.Platform.Of("pause").Length);
        await ads.UntilCounted($"capacitymesh_actuator_calls_total{{platform=\"{name}\",what=\"pause\",result=\"refused\"}}");
        ads.Platform.Misbehave = (_, _) => null;
        await ads.SignalAsync("run");
        await ads.UntilApplied("run");
        Assert.Equal(ads.Platform.Dialect.Active, ads.Platform.Status);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_platform_that_wants_quiet_for_an_hour_has_it_and_then_hears_the_newest_signal_only(string name)
    {
        await using var ads = await Steered.StartAsync(name);
        await ads.UntilApplied("run");
        ads.Platform.Misbehave = (op, n) => op.Kind == "pause" && n == 0 ? (AdFault.Throttle, false) : null;
        await ads.SignalAsync("pause");
        var line = await ads.Until(a => a.GetProperty("lastError").ValueKind is JsonValueKind.Object);
        Assert.Equal("throttled", line.GetProperty("lastError").Text("result"));
        var heard = ads.Platform.Seen.Count;
        await ads.SignalAsync("run");
        await ads.SignalAsync("ease");
        ads.Time.Jump(TimeSpan.FromMinutes(50));
        await ads.LookAsync();
        await ads.Until(a => a.GetProperty("desired").Text("action") == "ease" && a.GetProperty("attempts").GetInt32() >= 2);
        Assert.Equal(heard, ads.Platform.Seen.Count);
        ads.Time.Jump(TimeSpan.FromMinutes(11));
        await ads.UntilApplied("ease");
        Assert.Equal((ads.Platform.Dialect.Active, ads.Platform.Dialect.Budget / 2), (ads.Platform.Status, ads.Platform.Budget));
        Assert.Empty(ads.Platform.Of("resume"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_wish_for_quiet_until_a_date_is_kept_by_the_platforms_clock(string name)
    {
        await using var ads = await Steered.StartAsync(name, before: p => p.RetryAfter = () => DateTimeOffset.UtcNow.AddHours(2).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        // Our clock goes an hour fast; the answer says what the platform's shows.
        ads.Time.Jump(TimeSpan.FromHours(1));
        await ads.UntilApplied("run");
        ads.Platform.Misbehave = (op, n) => op.Kind == "pause" && n == 0 ? (AdFault.Throttle, false) : null;
        await ads.SignalAsync("pause");
        var line = await ads.Until(a => a.GetProperty("lastError").ValueKind is JsonValueKind.Object);
        var quiet = line.GetProperty("quietUntil").GetDateTimeOffset() - ads.Time.GetUtcNow();
        Assert.InRange(quiet, TimeSpan.FromMinutes(118), TimeSpan.FromMinutes(121));
        ads.Time.Jump(TimeSpan.FromMinutes(122));
        await ads.UntilApplied("pause");
        Assert.Equal(2, ads.Platform.Of("pause").Length);
    }

    [Fact]
    public async Task Meta_takes_four_budgets_an_hour_and_a_pause_at_any_time()
    {
        await using var ads = await Steered.StartAsync("meta");
        foreach (var action in new[] { "ease", "run", "ease", "run" })
        {
            await ads.SignalAsync(action);
            await ads.UntilApplied(action);
        }
        await ads.SignalAsync("ease");
        var waits = await ads.Until(a => a.Text("note") == "budgetLimit");
        Assert.True(waits.GetProperty("nextAttemptAt").GetDateTimeOffset() > ads.Time.GetUtcNow().AddMinutes(50), "it would try too soon");
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        await ads.SignalAsync("ease");
        await ads.Until(a => a.Text("note") == "budgetLimit");
        Assert.Equal(("PAUSED", 4), (ads.Platform.Status, ads.Platform.Of("budget").Length));
        ads.Time.Jump(TimeSpan.FromMinutes(61));
        await ads.UntilApplied("ease");
        Assert.Equal(("ACTIVE", 2_500m, 5), (ads.Platform.Status, ads.Platform.Budget, ads.Platform.Of("budget").Length));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_somebody_changes_there_is_told_as_drift_and_holds_until_the_next_signal(string name)
    {
        await using var ads = await Steered.StartAsync(name);
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        ads.Platform.Status = ads.Platform.Dialect.Active;
        await ads.LookAsync();
        var line = await ads.Until(a => a.GetProperty("drift").ValueKind is JsonValueKind.Object);
        Assert.Equal(("status", "nobody"), (line.GetProperty("drift").Text("what"), line.Text("pausedBy")));
        await ads.UntilCounted($"capacitymesh_actuator_drifts_total{{platform=\"{name}\"}}");
        await ads.LookAsync();
        // Paused again by the same hand: it is theirs now.
        ads.Platform.Status = ads.Platform.Dialect.Paused;
        await ads.SignalAsync("run");
        await ads.UntilApplied("run");
        Assert.Equal(("pause", ads.Platform.Dialect.Paused), (ads.Platform.Changes, ads.Platform.Status));
        ads.Platform.Status = ads.Platform.Dialect.Active;
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        Assert.Equal("pause pause", ads.Platform.Changes);
    }

    [Fact]
    public async Task A_signal_that_comes_while_connectors_are_looked_through_is_not_missed()
    {
        await using var ads = await Steered.StartAsync("linkedin", more: "");
        // Many that lack a setting, and so call nobody: looking through them takes a while, and ours comes last.
        for (var i = 0; i < 300; i++) await ads.Admin.PutOk($"/v1/connectors/a{i}", """{"platform":"tiktok","actuate":"apply","campaigns":{"1":"other"}}""");
        string[] actions = ["pause", "run"];
        for (var i = 0; i < 10; i++)
        {
            await ads.Admin.PutOk("/v1/connectors/ads", ads.Platform.Dialect.Connector(ads.Platform.Address));
            await ads.Admin.PutOk("/v1/connectors/zz", ads.Platform.Dialect.Connector(ads.Platform.Address, ""","actuate":"apply" """));
            await ads.SignalAsync(actions[i % 2]);
            await ads.Platform.Until(p => p.Status == (i % 2 == 0 ? p.Dialect.Paused : p.Dialect.Active));
            Assert.Equal(HttpStatusCode.NoContent, (await ads.Admin.DeleteAsync("/v1/connectors/zz")).StatusCode);
        }
    }

    [Fact]
    public async Task After_a_restart_we_still_know_what_is_ours()
    {
        await using var ads = await Steered.StartAsync("linkedin");
        await ads.SignalAsync("ease");
        await ads.UntilApplied("ease");
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        await ads.RestartAsync();
        await ads.SignalAsync("run");
        await ads.UntilApplied("run");
        Assert.Equal(("ACTIVE", 80m), (ads.Platform.Status, ads.Platform.Budget));
    }

    [Fact]
    public async Task A_dry_run_asks_and_shows_and_changes_nothing()
    {
        await using var ads = await Steered.StartAsync("google", more: ""","actuate":"dryRun" """);
        await ads.SignalAsync("pause");
        var line = await ads.Until(a => a.GetProperty("planned").ValueKind is JsonValueKind.String);
        Assert.Contains("\"status\":\"PAUSED\"", line.Text("planned"), StringComparison.Ordinal);
        Assert.Equal(("", "ENABLED"), (ads.Platform.Changes, ads.Platform.Status));
        Assert.NotEmpty(ads.Platform.Of("validate"));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("applied").ValueKind);
        // From the dry run to the real one, by the connector alone.
        await ads.Admin.PutOk("/v1/connectors/ads", ads.Platform.Dialect.Connector(ads.Platform.Address, ""","actuate":"apply" """));
        await ads.UntilApplied("pause");
    }

    [Fact]
    public async Task Tokens_are_made_anew_when_refused_and_a_rotated_one_is_kept_sealed()
    {
        await using var ads = await Steered.StartAsync("google", before: p => p.Rotated = "refresh-2");
        await ads.UntilApplied("run");
        Assert.Equal(["refresh-1"], ads.Platform.Of("token").Select(t => t.Value));
        ads.Platform.Token = "token-2";
        await ads.SignalAsync("pause");
        await ads.UntilApplied("pause");
        Assert.Equal(["refresh-1", "refresh-2"], ads.Platform.Of("token").Select(t => t.Value));
        await ads.RestartAsync();
        await ads.SignalAsync("run");
        await ads.UntilApplied("run");
        Assert.Equal("refresh-2", ads.Platform.Of("token")[^1].Value);
        var row = Assert.Single(await ads.Journal.Rows.ListAsync("default", "connectors", null, null, 10, CancellationToken.None));
        Assert.DoesNotContain("refresh-", Encoding.UTF8.GetString(row.Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_nobody_accepts_is_said_and_not_hammered()
    {
        await using var ads = await Steered.StartAsync("linkedin", before: p => p.Token = "another");
        var line = await ads.Until(a => a.GetProperty("lastError").ValueKind is JsonValueKind.Object);
        Assert.Equal("unauthorized", line.GetProperty("lastError").Text("result"));
        Assert.DoesNotContain("token", line.GetProperty("lastError").Text("fault"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("google")]
    [InlineData("microsoft")]
    public async Task A_budget_that_campaigns_share_is_left_alone(string name)
    {
        await using var ads = await Steered.StartAsync(name, before: p => p.IsShared = true);
        await ads.SignalAsync("ease");
        Assert.Equal("sharedBudget", (await ads.UntilApplied("ease")).Text("note"));
        Assert.Equal("", ads.Platform.Changes);
    }

    [Fact]
    public async Task Only_what_is_mapped_and_named_is_steered_and_bad_settings_are_refused()
    {
        await using var ads = await Steered.StartAsync("tiktok", more: "");
        Assert.Equal(0, (await ads.Admin.GetOk("/v1/actuators")).GetProperty("items").GetArrayLength());
        await ads.SignalAsync("pause");
        await ads.Admin.PutAsync("/v1/connectors/f", Requests.Json("""{"platform":"form","actuate":"apply"}""")).Problem(HttpStatusCode.BadRequest, "notActuated", "actuate");
        await ads.Admin.PutAsync("/v1/connectors/f", Requests.Json("""{"platform":"meta","outcomes":{"sold":"x"}}""")).Problem(HttpStatusCode.BadRequest, "unknownOutcome", "outcomes");
        await ads.Admin.PutAsync("/v1/connectors/f", Requests.Json("""{"platform":"google","map":{"tokenUrl":"ftp://x.example"}}""")).Problem(HttpStatusCode.BadRequest, "invalidUrl", "map.tokenUrl");
        await ads.Admin.PutAsync("/v1/connectors/f", Requests.Json("""{"platform":"meta","actuate":"sometimes"}""")).Problem(HttpStatusCode.BadRequest, "malformed");
        await ads.Admin.PostAsync("/v1/actuators/ads/1/look", null).Problem(HttpStatusCode.NotFound, "actuatorUnknown");
        await ads.Admin.PutOk("/v1/connectors/m", """{"platform":"meta","actuate":"apply","secrets":{"accessToken":"t"},"map":{"actuateOnly":["1"]},"campaigns":{"1":"spring","2":"spring","default":"spring"}}""");
        var steered = Assert.Single((await ads.Admin.GetOk("/v1/actuators")).GetProperty("items").EnumerateArray());
        Assert.Equal("1", steered.Text("platformCampaign"));
        Assert.Empty(ads.Platform.Seen);
    }
}
