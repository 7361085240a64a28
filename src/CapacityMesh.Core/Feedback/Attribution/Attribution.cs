using CapacityMesh.Core.Capture;

namespace CapacityMesh.Core.Feedback;

/// <summary>Who gets the credit for a lead.</summary>
public enum AttributionModel
{
    /// <summary>The first touch, all of it.</summary>
    First,
    /// <summary>The last touch, all of it.</summary>
    Last,
    /// <summary>Every touch the same.</summary>
    Linear,
    /// <summary>A touch counts half as much with every seven days that it lies before the last.</summary>
    TimeDecay,
}

/// <summary>A campaign's part of a lead.</summary>
/// <param name="Campaign">Which campaign.</param>
/// <param name="Part">Above 0, at most 1; the parts of a lead add up to exactly 1.</param>
public readonly record struct Share(string Campaign, decimal Part);

/// <summary>Shares a lead among the campaigns that reached the person. No model is right: they are shown side by side.</summary>
public static class Attribution
{
    /// <summary>After this long a touch counts half: 7 days, the customary value.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(7);

    /// <summary>The parts, in the order of each campaign's first touch.</summary>
    /// <param name="touches">At least one; in any order.</param>
    /// <param name="model">By which model.</param>
    public static IReadOnlyList<Share> Of(IReadOnlyCollection<Touch> touches, AttributionModel model)
    {
        Touch[] inTime = [.. touches.OrderBy(t => t.At)];
        if (inTime.Length == 1) return [new Share(inTime[0].Campaign, 1)];
        return model switch
        {
            AttributionModel.First => [new Share(inTime[0].Campaign, 1)],
            AttributionModel.Last => [new Share(inTime[^1].Campaign, 1)],
            AttributionModel.Linear => Split(inTime, _ => 1),
            AttributionModel.TimeDecay => Split(inTime, t => Math.Pow(2, -((inTime[^1].At - t.At) / HalfLife))),
        };
    }

    // The greatest part takes what rounding left, so that nothing is made or lost.
    private static List<Share> Split(Touch[] touches, Func<Touch, double> weightOf)
    {
        var sum = touches.Sum(weightOf);
        var weights = new List<(string Campaign, double Weight)>();
        foreach (var touch in touches)
        {
            var at = weights.FindIndex(w => w.Campaign == touch.Campaign);
            if (at < 0) weights.Add((touch.Campaign, weightOf(touch)));
            else weights[at] = (touch.Campaign, weights[at].Weight + weightOf(touch));
        }
        var shares = weights.ConvertAll(w => new Share(w.Campaign, decimal.Round((decimal)(w.Weight / sum), 12)));
        var greatest = shares.IndexOf(shares.MaxBy(s => s.Part));
        shares[greatest] = shares[greatest] with { Part = shares[greatest].Part + 1 - shares.Sum(s => s.Part) };
        return shares;
    }
}
