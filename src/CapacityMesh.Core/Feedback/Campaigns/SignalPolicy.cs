using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Feedback;

/// <summary>
/// From the share of the budget that the plan wants to a signal, with hysteresis: it takes more to leave a signal than to keep it, and a step
/// is capped, so that the ad platforms' own learning is not shaken.
/// </summary>
public static class SignalPolicy
{
    /// <summary>Below this share a campaign pauses.</summary>
    public const decimal PauseBelow = 0.10m;
    /// <summary>Above this share a paused campaign spends again.</summary>
    public const decimal ResumeAbove = 0.25m;
    /// <summary>Below this share a running campaign eases.</summary>
    public const decimal EaseBelow = 0.90m;
    /// <summary>From this share an eased campaign runs.</summary>
    public const decimal RunFrom = 0.98m;
    /// <summary>An eased multiplier moves only by more than this.</summary>
    public const decimal EaseStepMin = 0.25m;
    /// <summary>One step up raises a budget by at most a half (api guard rails of the platforms' ecosystems).</summary>
    public const decimal StepUpMax = 1.5m;
    /// <summary>One step down keeps at least a fifth; below that it is a pause.</summary>
    public const decimal StepDownMin = 0.2m;

    /// <summary>The signal that a wanted share makes of the present one; the same instance when nothing changes.</summary>
    public static Signal Next(Signal present, decimal share, Reason reason)
    {
        share = Math.Clamp(share, 0, 1);
        return present.Action switch
        {
            SpendAction.Run when share >= EaseBelow => present,
            SpendAction.Run when share < PauseBelow => Pause(reason),
            SpendAction.Run => Ease(Math.Max(share, StepDownMin), reason),
            SpendAction.Pause when share <= ResumeAbove => present,
            SpendAction.Pause => Ease(Math.Min(share, 0.5m), reason),
            _ when share < PauseBelow => Pause(reason),
            _ when share >= RunFrom && present.Multiplier * StepUpMax >= 1 => new Signal(SpendAction.Run, 1, reason),
            _ => EaseFurther(present, share, reason),
        };
    }

    private static Signal EaseFurther(Signal present, decimal share, Reason reason)
    {
        if (Math.Abs(share - present.Multiplier) < EaseStepMin && share < RunFrom) return present;
        var step = Math.Clamp(share, present.Multiplier * StepDownMin, present.Multiplier * StepUpMax);
        return Ease(Math.Clamp(step, PauseBelow, 0.97m), reason);
    }

    private static Signal Ease(decimal multiplier, Reason reason) => new(SpendAction.Ease, decimal.Round(multiplier, 2), reason);

    private static Signal Pause(Reason reason) => new(SpendAction.Pause, 0, reason);
}
