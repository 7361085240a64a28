using System.Text;
using System.Text.Json;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators;
using CapacityMesh.Web.Feedback.Actuators.Clients;

namespace CapacityMesh.Web.Tests;

// Goal: the rules of steering hold in the corners that a socket rarely shows. Method: the pure policy, driven by hand, one look at a time; and the
// platforms' answers of every kind, read by the verdicts.
public sealed class ActuationPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly BudgetRules Rules = new("currency", 0.01m, 5, ChangesPerHour: 2);
    private static readonly ActuationPolicy Policy = new(Rules, pauseBelow: 0.2m, settle: TimeSpan.FromSeconds(2));

    private static LiveCampaign Live(bool paused = false, decimal? budget = 100, bool over = false, string? note = null) => new("1", paused ? "PAUSED" : "ACTIVE", paused, false, over, budget, note);

    private static WantedSpend Want(SpendAction action, decimal share = 1, int version = 1) => new(action, share, Now.AddMinutes(version), version);

    [Fact]
    public void A_pause_is_remembered_before_it_is_sent_and_ours_once_it_is_read_back()
    {
        var sent = Policy.Next(Want(SpendAction.Pause), Live(), new ActuationMemory(), Now);
        Assert.IsType<PlatformChange.Pause>(sent.Change);
        Assert.Equal((false, "ACTIVE"), (sent.Memory.Pause!.IsConfirmed, sent.Memory.Pause.Before));
        var read = Policy.Next(Want(SpendAction.Pause), Live(paused: true), sent.Memory, Now.AddSeconds(1));
        Assert.Null(read.Change);
        Assert.True(read.Memory.Pause!.IsConfirmed);
    }

    [Fact]
    public void While_the_platform_may_still_show_the_old_state_nothing_is_sent_again()
    {
        var sent = Policy.Next(Want(SpendAction.Pause), Live(), new ActuationMemory(), Now);
        var early = Policy.Next(Want(SpendAction.Pause), Live(), sent.Memory, Now.AddSeconds(1));
        Assert.Equal((null, Now.AddSeconds(2)), (early.Change, early.LookAgainAt));
        Assert.IsType<PlatformChange.Pause>(Policy.Next(Want(SpendAction.Pause), Live(), sent.Memory, Now.AddSeconds(3)).Change);
    }

    [Fact]
    public void A_pause_of_ours_that_arrives_after_it_was_not_wanted_any_more_is_taken_back()
    {
        var sent = Policy.Next(Want(SpendAction.Pause), Live(), new ActuationMemory(), Now);
        var waits = Policy.Next(Want(SpendAction.Run, version: 2), Live(), sent.Memory, Now.AddMinutes(1));
        Assert.Equal((null, "pauseMayArriveLate"), (waits.Change, waits.Note));
        Assert.IsType<PlatformChange.Resume>(Policy.Next(Want(SpendAction.Run, version: 2), Live(paused: true), waits.Memory, Now.AddMinutes(9)).Change);
        // Long after, it is somebody else's.
        var over = Policy.Next(Want(SpendAction.Run, version: 2), Live(), waits.Memory, Now.AddMinutes(11));
        Assert.Null(over.Memory.Pause);
        Assert.Equal("pausedByHuman", Policy.Next(Want(SpendAction.Run, version: 2), Live(paused: true), over.Memory, Now.AddMinutes(12)).Note);
    }

    [Fact]
    public void A_budget_that_somebody_sets_meanwhile_is_theirs_and_the_next_signal_begins_from_it()
    {
        var eased = Policy.Next(Want(SpendAction.Ease, 0.6m), Live(), new ActuationMemory(), Now);
        Assert.Equal(new PlatformChange.SetBudget(60), eased.Change);
        var confirmed = Policy.Next(Want(SpendAction.Ease, 0.6m), Live(budget: 60), eased.Memory, Now.AddSeconds(1));
        var drift = Policy.Next(Want(SpendAction.Ease, 0.6m), Live(budget: 300), confirmed.Memory, Now.AddMinutes(1));
        Assert.Equal((null, "drift", "300"), (drift.Change, drift.Note, drift.Memory.Drift!.Found));
        var next = Policy.Next(Want(SpendAction.Ease, 0.5m, version: 2), Live(budget: 300), drift.Memory, Now.AddMinutes(2));
        Assert.Equal(new PlatformChange.SetBudget(150), next.Change);
        Assert.Equal(300, next.Memory.Budget!.Before);
    }

    [Fact]
    public void Budgets_have_their_limit_and_an_eased_campaign_waits_for_it_paused_while_a_whole_one_does_not()
    {
        var used = new ActuationMemory { BudgetChanges = [Now.AddMinutes(-30), Now.AddMinutes(-10)], Pause = new OurPause("ACTIVE", Now.AddMinutes(-5), true, false), Budget = new OurBudget(100, 100, 50, Now.AddMinutes(-10), true) };
        var ease = Policy.Next(Want(SpendAction.Ease, 0.7m), Live(paused: true, budget: 50), used, Now);
        Assert.Equal((null, "budgetLimit", Now.AddMinutes(30)), (ease.Change, ease.Note, ease.LookAgainAt));
        var run = Policy.Next(Want(SpendAction.Run), Live(paused: true, budget: 50), used, Now);
        Assert.IsType<PlatformChange.Resume>(run.Change);
        Assert.Equal(Now.AddMinutes(30), run.LookAgainAt);
        Assert.Equal(100, run.Memory.Budget!.Before);
    }

    [Fact]
    public void An_eased_share_below_the_threshold_is_a_pause_and_one_below_the_least_budget_is_the_least()
    {
        Assert.IsType<PlatformChange.Pause>(Policy.Next(Want(SpendAction.Ease, 0.1m), Live(), new ActuationMemory(), Now).Change);
        Assert.Equal(new PlatformChange.SetBudget(5), Policy.Next(Want(SpendAction.Ease, 0.3m), Live(budget: 8), new ActuationMemory(), Now).Change);
        Assert.Null(Policy.Next(Want(SpendAction.Ease, 0.3m), Live(budget: 4), new ActuationMemory(), Now).Change);
    }

    [Fact]
    public void What_is_over_or_has_its_budget_elsewhere_is_left_alone()
    {
        Assert.Equal("over", Policy.Next(Want(SpendAction.Pause), Live(over: true), new ActuationMemory(), Now).Note);
        Assert.Equal("budgetElsewhere", Policy.Next(Want(SpendAction.Ease, 0.5m), Live(budget: null), new ActuationMemory(), Now).Note);
        var stuck = new ActuationMemory { Budget = new OurBudget(100, 100, 50, Now, true) };
        Assert.Null(Policy.Next(Want(SpendAction.Run), Live(budget: null, note: "sharedBudget"), stuck, Now).Change);
    }

    [Theory]
    [InlineData("Active", false, false)]
    [InlineData("Paused", true, false)]
    [InlineData("BudgetPaused", false, true)]
    [InlineData("BudgetAndManualPaused", true, true)]
    public void Microsofts_own_pause_is_not_a_persons(string status, bool paused, bool held)
    {
        var answer = JsonDocument.Parse($$"""{"Campaigns":[{"Id":"1","Status":"{{status}}","DailyBudget":10}]}""").RootElement;
        var live = new MicrosoftActuator().Understand(null!, "1", answer)!;
        Assert.Equal((paused, held), (live.IsPaused, live.IsHeldByPlatform));
        // We resume our own pause though the service still holds it.
        var ours = new ActuationMemory { Pause = new OurPause("Active", Now, true, false) };
        var step = Policy.Next(Want(SpendAction.Run), live, ours, Now.AddMinutes(1));
        Assert.Equal(paused, step.Change is PlatformChange.Resume);
    }

    [Theory]
    [InlineData("google", 200, """{"partialFailureError":{"code":8}}""", "throttled")]
    [InlineData("google", 200, """{"partialFailureError":{"code":3}}""", "refused")]
    [InlineData("google", 429, """{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"details":{"quotaErrorDetails":{"retryDelay":"30s"}}}]}}""", "throttled")]
    [InlineData("meta", 200, """{"success":false}""", "refused")]
    [InlineData("meta", 400, """{"error":{"code":17}}""", "throttled")]
    [InlineData("meta", 400, """{"error":{"code":190}}""", "unauthorized")]
    [InlineData("meta", 400, """{"error":{"code":100,"is_transient":true}}""", "unavailable")]
    [InlineData("tiktok", 200, """{"code":40100}""", "throttled")]
    [InlineData("tiktok", 200, """{"data":{}}""", "uncertain")]
    [InlineData("tiktok", 200, """{"code":"0"}""", "done")]
    [InlineData("microsoft", 200, """{"PartialErrors":[null,{"Code":1100}]}""", "refused")]
    [InlineData("microsoft", 200, """{"PartialErrors":null}""", "done")]
    [InlineData("linkedin", 429, "", "throttled")]
    [InlineData("linkedin", 204, "", "done")]
    [InlineData("linkedin", 301, "", "refused")]
    [InlineData("meta", 200, "<html>", "uncertain")]
    [InlineData("google", 502, "<html>", "unavailable")]
    [InlineData("google", 200, "[1]", "done")]
    public void Every_way_to_say_no_is_understood(string platform, int status, string body, string expected)
    {
        var verdict = PlatformVerdicts.Of(Platforms.Parse(platform)!.Value, new CalloutReply(status, Encoding.UTF8.GetBytes(body), IsCut: false, RetryAfter: null));
        Assert.Equal(expected, verdict.Result.ToString().ToLowerInvariant());
        if (body.Contains("30s", StringComparison.Ordinal)) Assert.Equal(TimeSpan.FromSeconds(30), verdict.RetryAfter);
        // A block of one budget is no block of everything.
        if (body.Contains(":17}", StringComparison.Ordinal)) Assert.Equal((false, TimeSpan.FromHours(1)), (verdict.ForAll, verdict.RetryAfter!.Value));
    }
}
