using System.Globalization;
using CapacityMesh.Core.Feedback;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>What is wanted of a campaign.</summary>
/// <param name="Action">Run, ease or pause.</param>
/// <param name="Multiplier">Share of the budget.</param>
/// <param name="Since">Since when: tells one signal from the next.</param>
/// <param name="Version">Version of the spend table.</param>
internal sealed record WantedSpend(SpendAction Action, decimal Multiplier, DateTimeOffset Since, long Version)
{
    /// <summary>Whether both are one signal: the table's version rises with other campaigns' signals too.</summary>
    public bool SameAs(WantedSpend? other) => other is not null && this with { Version = 0 } == other with { Version = 0 };
}

/// <summary>What is to be done next for one campaign.</summary>
/// <param name="Memory">What to remember from now on; for a change, before it is sent.</param>
/// <param name="Change">The change to send; null when there is none now.</param>
/// <param name="LookAgainAt">When to look again, if sooner than usual.</param>
/// <param name="Note">Why nothing, or less than the signal asks for, is done: <c>pausedByHuman</c>, <c>over</c>, <c>drift</c>, <c>budgetLimit</c> or the platform's reason.</param>
internal sealed record ActuationStep(ActuationMemory Memory, PlatformChange? Change = null, DateTimeOffset? LookAgainAt = null, string? Note = null);

/// <summary>
/// The rules, as a pure function of what is wanted, what the platform shows and what we remember. In order: what was read back is believed; somebody
/// else's change holds until the next signal; a pause that is not ours is never undone; budgets come back before a resume; the platform's limits.
/// </summary>
/// <param name="rules">How the platform takes budgets.</param>
/// <param name="pauseBelow">An eased share below this is a pause.</param>
/// <param name="settle">How long the platform may show the old state after a change.</param>
internal sealed class ActuationPolicy(BudgetRules rules, decimal pauseBelow, TimeSpan settle)
{
    // A change whose answer never came may still arrive there.
    private static readonly TimeSpan LateMax = TimeSpan.FromMinutes(10);

    /// <summary>The next step.</summary>
    public ActuationStep Next(WantedSpend wanted, LiveCampaign live, ActuationMemory before, DateTimeOffset now)
    {
        var memory = Observe(before, live, now);
        // What somebody did before this signal does not stand against it.
        if (memory.SignalSince != wanted.Since) memory = memory with { SignalSince = wanted.Since, Drift = null };
        if (live.IsOver) return new ActuationStep(memory, Note: "over");
        if (memory.Drift is not null) return new ActuationStep(memory, Note: "drift");
        var isPause = wanted.Action is SpendAction.Pause || (wanted.Action is SpendAction.Ease && wanted.Multiplier < pauseBelow);
        return isPause ? Pause(live, memory, now) : Spend(wanted, live, memory, now);
    }

    /// <summary>What was read, compared with what we had set.</summary>
    public static ActuationMemory Observe(ActuationMemory memory, LiveCampaign live, DateTimeOffset now)
    {
        var pause = memory.Pause;
        if (pause is { IsConfirmed: false, IsResuming: false } && live.IsPaused) pause = pause with { IsConfirmed = true };
        else if (pause is { IsResuming: true } && !live.IsPaused) pause = null;
        else if (pause is { IsConfirmed: true, IsResuming: false } && !live.IsPaused) (pause, memory) = (null, memory with { Drift = new Drift("status", "paused", live.Status, now) });

        var budget = memory.Budget;
        if (budget is not null && live.Budget == budget.Set) budget = budget.Set == budget.Before ? null : budget with { IsConfirmed = true };
        else if (budget is not null && live.Budget is { } found && (budget.IsConfirmed || found != budget.From))
        {
            (budget, memory) = (null, memory with { Drift = new Drift("budget", Text(memory.Budget!.Set), Text(found), now) });
        }
        return memory with { Pause = pause, Budget = budget };
    }

    private ActuationStep Pause(LiveCampaign live, ActuationMemory memory, DateTimeOffset now)
    {
        if (live.IsPaused) return memory.Pause is { } ours ? new ActuationStep(memory with { Pause = ours with { IsResuming = false } }) : new ActuationStep(memory, Note: "pausedByHuman");
        if (memory.Pause is { IsResuming: false } sent && now < sent.At + settle) return new ActuationStep(memory, LookAgainAt: sent.At + settle);
        return new ActuationStep(memory with { Pause = new OurPause(memory.Pause?.Before ?? live.Status, now, false, false) }, new PlatformChange.Pause());
    }

    private ActuationStep Spend(WantedSpend wanted, LiveCampaign live, ActuationMemory memory, DateTimeOffset now)
    {
        var isTheirs = live.IsPaused && memory.Pause is null;
        var note = isTheirs ? "pausedByHuman" : null;
        var whole = memory.Budget?.Before ?? live.Budget;
        decimal? target = whole;
        if (wanted.Action is SpendAction.Ease && !isTheirs)
        {
            if (whole is null || live.BudgetNote is not null) (target, note) = (null, live.BudgetNote ?? "budgetElsewhere");
            else target = rules.ShareOf(whole.Value, wanted.Multiplier);
        }
        DateTimeOffset? again = null;
        if (target is { } amount && live.Budget is { } present && present != amount)
        {
            if (BudgetOpens(memory, now) is not { } opens) return SetBudget(memory, whole!.Value, present, amount, now);
            (again, note) = (opens, "budgetLimit");
            // To resume with more than was asked for would be worse than to wait.
            if (wanted.Action is SpendAction.Ease && live.IsPaused) return new ActuationStep(memory, LookAgainAt: again, Note: note);
        }
        if (live.IsPaused && memory.Pause is { } pause) return Resume(pause, memory, again, note, now);
        return LateOrRest(memory, again, note, now);
    }

    private ActuationStep Resume(OurPause pause, ActuationMemory memory, DateTimeOffset? again, string? note, DateTimeOffset now)
    {
        if (pause.IsResuming && now < pause.At + settle) return new ActuationStep(memory, LookAgainAt: Sooner(again, pause.At + settle), Note: note);
        return new ActuationStep(memory with { Pause = pause with { IsResuming = true, At = now } }, new PlatformChange.Resume(), again, note);
    }

    private static ActuationStep LateOrRest(ActuationMemory memory, DateTimeOffset? again, string? note, DateTimeOffset now)
    {
        if (memory.Pause is not { IsConfirmed: false, IsResuming: false } late) return new ActuationStep(memory, LookAgainAt: again, Note: note);
        // Our pause may still be on its way: then it will be ours to take back.
        return now < late.At + LateMax
            ? new ActuationStep(memory, LookAgainAt: Sooner(again, late.At + LateMax), Note: note ?? "pauseMayArriveLate")
            : new ActuationStep(memory with { Pause = null }, LookAgainAt: again, Note: note);
    }

    private ActuationStep SetBudget(ActuationMemory memory, decimal whole, decimal present, decimal amount, DateTimeOffset now)
    {
        if (memory.Budget is { IsConfirmed: false } sent && sent.Set == amount && now < sent.At + settle) return new ActuationStep(memory, LookAgainAt: sent.At + settle);
        var changes = memory.BudgetChanges.Where(c => c > now.AddHours(-1)).Append(now).ToArray();
        return new ActuationStep(memory with { Budget = new OurBudget(whole, present, amount, now, false), BudgetChanges = changes }, new PlatformChange.SetBudget(amount));
    }

    // When the next budget may be set; null when now.
    private DateTimeOffset? BudgetOpens(ActuationMemory memory, DateTimeOffset now)
    {
        if (memory.BudgetQuietUntil is { } quiet && quiet > now) return quiet;
        if (rules.ChangesPerHour is not { } most) return null;
        var recent = memory.BudgetChanges.Where(c => c > now.AddHours(-1)).ToArray();
        return recent.Length < most ? null : recent[^most].AddHours(1);
    }

    private static DateTimeOffset Sooner(DateTimeOffset? one, DateTimeOffset other) => one is { } o && o < other ? o : other;

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
