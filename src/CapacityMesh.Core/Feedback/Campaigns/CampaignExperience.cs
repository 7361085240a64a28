using System.Collections.Immutable;

namespace CapacityMesh.Core.Feedback;

/// <summary>
/// What became of a campaign's admitted leads, fading so that about the last hundred that ended speak. Told to Flow with every fifth end, never with
/// the first: one deal says nothing.
/// </summary>
/// <param name="Ended">Leads that were won or lost, ever.</param>
/// <param name="Won">Of the last ones, won.</param>
/// <param name="WonValue">What those brought, in the currency of the campaign's value.</param>
/// <param name="LostAt">Of the last ones, lost, by stage.</param>
public sealed record CampaignExperience(long Ended, double Won, double WonValue, ImmutableSortedDictionary<string, double> LostAt)
{
    private const double Memory = 1 - (1.0 / 100);

    // Stages of old processes fade away; below this they are forgotten.
    private const double Forgotten = 0.01;

    /// <summary>Flow hears of it each time so many more ended.</summary>
    public const int ToldEvery = 5;

    /// <summary>Nothing yet.</summary>
    public static CampaignExperience None { get; } = new(0, 0, 0, ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal));

    /// <summary>Leads that ended, fading.</summary>
    public double Weight => Won + LostAt.Values.Sum();

    /// <summary>With one more deal.</summary>
    /// <param name="value">What it brought; null when nobody knows.</param>
    public CampaignExperience PlusWon(decimal? value)
    {
        var faded = Faded();
        return faded with { Won = faded.Won + 1, WonValue = faded.WonValue + (double)(value ?? 0) };
    }

    /// <summary>With one more lost at a stage.</summary>
    public CampaignExperience PlusLost(string stage)
    {
        var faded = Faded();
        return faded with { LostAt = faded.LostAt.SetItem(stage, faded.LostAt.GetValueOrDefault(stage) + 1) };
    }

    private CampaignExperience Faded() => new(
        Ended + 1, Won * Memory, WonValue * Memory,
        LostAt.Where(l => l.Value * Memory >= Forgotten).ToImmutableSortedDictionary(l => l.Key, l => l.Value * Memory, StringComparer.Ordinal));

    /// <inheritdoc/>
    public bool Equals(CampaignExperience? other) =>
        other is not null && (Ended, Won, WonValue) == (other.Ended, other.Won, other.WonValue) && LostAt.SequenceEqual(other.LostAt);

    /// <inheritdoc/>
    public override int GetHashCode() => (Ended, Won, WonValue).GetHashCode();
}
