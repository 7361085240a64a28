using System.Text.Json.Serialization;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>
/// A pause of ours. It is written before the platform is told: should we fall over between the two, we still know who paused.
/// </summary>
/// <param name="Before">The platform's word for what was before.</param>
/// <param name="At">When it was decided.</param>
/// <param name="IsConfirmed">Read back.</param>
/// <param name="IsResuming">We are taking it back.</param>
internal sealed record OurPause(string Before, DateTimeOffset At, bool IsConfirmed, bool IsResuming);

/// <summary>A budget of ours.</summary>
/// <param name="Before">What a person had set; what comes back in the end.</param>
/// <param name="From">What stood there when we wrote.</param>
/// <param name="Set">What we wrote.</param>
/// <param name="At">When it was decided.</param>
/// <param name="IsConfirmed">Read back.</param>
internal sealed record OurBudget(decimal Before, decimal From, decimal Set, DateTimeOffset At, bool IsConfirmed);

/// <summary>The platform shows something else than what we set and read back.</summary>
/// <param name="What"><c>status</c> or <c>budget</c>.</param>
/// <param name="Expected">What we had set.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Since">When it was found.</param>
internal sealed record Drift(string What, string Expected, string Found, DateTimeOffset Since);

/// <summary>What we did to one campaign and have not taken back. Kept in the journal.</summary>
internal sealed record ActuationMemory
{
    /// <summary>A pause of ours; null when we did not pause it.</summary>
    public OurPause? Pause { get; init; }

    /// <summary>A budget of ours; null when the budget is a person's.</summary>
    public OurBudget? Budget { get; init; }

    /// <summary>When we changed the budget in the last hour, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> BudgetChanges { get; init; } = [];

    /// <summary>Until when the platform takes no more budgets for it.</summary>
    public DateTimeOffset? BudgetQuietUntil { get; init; }

    /// <summary>Somebody else changed what we had set: their word holds until the next signal.</summary>
    public Drift? Drift { get; init; }

    /// <summary>The signal that this memory is about, by the instant from which it holds.</summary>
    public DateTimeOffset? SignalSince { get; init; }

    /// <summary>Whether we wrote something that was not read back yet.</summary>
    [JsonIgnore]
    public bool IsUnconfirmed => Pause is { IsConfirmed: false } or { IsResuming: true } || Budget is { IsConfirmed: false };
}
