using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>The offer that a campaign makes: the message promise.</summary>
internal sealed record PromiseBody(string? Id, string? Text);

/// <summary>How often the spend signal may change.</summary>
internal sealed record LimitsBody(TimeSpan? MinDwell, int? ChangesPerHour);

/// <summary>A campaign to describe.</summary>
internal sealed record CampaignBody(
    string? Name, string? Channel, PromiseBody? Promise, Money? ValuePerWin, Money? DailyBudget, SpendMode? Mode, OnSilence? OnSilence, LimitsBody? Limits, IReadOnlyList<string>? Skills)
{
    // What a page can show of an offer.
    private const int PromiseTextLengthMax = 1_000;

    /// <summary>The profile, or everything that is wrong with it.</summary>
    public CampaignProfile ToProfile()
    {
        var none = CampaignProfile.Default;
        var errors = new FieldErrors().RequireName(Name, "name")
            .Require(Promise?.Text is not { Length: > PromiseTextLengthMax }, "promise.text", "tooLong", "A message promise has at most 1,000 characters.")
            .Require(Promise is null || Promise.Id is not null, "promise.id", "required", "A message promise has an id.");
        var profile = new CampaignProfile(
            Channel ?? none.Channel, Promise?.Id, ValuePerWin, DailyBudget, Mode ?? none.Mode, OnSilence ?? none.OnSilence,
            Limits?.MinDwell ?? none.MinDwell, Limits?.ChangesPerHour ?? none.ChangesPerHour,
            [.. (Skills ?? []).Select(s => s ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        FieldError[] all = [.. errors.All, .. profile.Check()];
        return all.Length == 0 ? profile : throw new ProblemException(Problem.Invalid(all));
    }
}

/// <summary>A day's cost.</summary>
internal sealed record CostBody(DateOnly? Day, Money? Amount, long? Clicks, long? Impressions);

/// <summary>A campaign: the description, its signal and its numbers.</summary>
internal sealed record CampaignReply(
    string Id, string? Name, string Channel, PromiseBody? Promise, Money? ValuePerWin, Money? DailyBudget, SpendMode Mode, OnSilence OnSilence, LimitsBody Limits,
    IReadOnlyList<string> Skills, SpendAction Action, decimal BudgetMultiplier, Reason Reason, DateTimeOffset? Since, Signal? Proposed, HumanHold? Hold,
    IReadOnlyDictionary<string, long> Outcomes, Money? WonValue, IReadOnlyList<DayCost> Costs, Acknowledgement? Acknowledged)
{
    // A quarter: what a page draws. The whole year is in the reports.
    private const int CostDaysShown = 92;

    public static CampaignReply Of(string id, CampaignBody body, CampaignState state) => new(
        id, body.Name, state.Profile.Channel, body.Promise, state.Profile.ValuePerWin, state.Profile.DailyBudget, state.Profile.Mode, state.Profile.OnSilence,
        new LimitsBody(state.Profile.MinDwell, state.Profile.ChangesPerHour), state.Profile.Skills, state.Signal.Action, state.Signal.Multiplier, state.Signal.Reason,
        state.Since, state.Proposed, state.Hold, Enum.GetValues<Outcome>().ToDictionary(Json.Wire.NameOf, state.CountOf), state.WonValue,
        [.. state.Costs.Skip(Math.Max(0, state.Costs.Length - CostDaysShown))], state.Acknowledged);
}
