using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>What a batch of seeds brought.</summary>
public sealed class LawReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private LawReport() { }

    /// <summary>Seeds that ran.</summary>
    public int Seeds { get; private init; }
    /// <summary>Seeds asked for.</summary>
    public int Asked { get; private init; }
    /// <summary>The first seed that broke a law; null when none did.</summary>
    public SwarmResult? Failure { get; private init; }
    /// <summary>What was reached.</summary>
    public Moments Moments { get; } = new();
    /// <summary>Virtual days of all runs.</summary>
    public double Days { get; private init; }
    /// <summary>Turns of all runs.</summary>
    public long Turns { get; private init; }
    /// <summary>Leads of all runs.</summary>
    public long Leads { get; private init; }
    /// <summary>How often everything was at rest and checked.</summary>
    public long Rests { get; private init; }
    /// <summary>Wall-clock time.</summary>
    public TimeSpan Took { get; private init; }
    /// <summary>A hash over the digests of all seeds, in order.</summary>
    public ulong Digest { get; private init; }

    /// <summary>Moments that a batch of this size must reach and did not.</summary>
    public IReadOnlyList<Moment> Missing => Failure is null && Seeds >= LawCheck.SeedsForMoments ? [.. Moments.Missing] : [];

    /// <summary>Whether every law held and every moment was reached.</summary>
    public bool Passed => Failure is null && Missing.Count == 0;

    /// <summary>Sums results up, in their order.</summary>
    public static LawReport Of(IReadOnlyList<SwarmResult> results, int asked, TimeSpan took)
    {
        var report = new LawReport
        {
            Seeds = results.Count,
            Asked = asked,
            Failure = results.FirstOrDefault(r => r.Broken.Count > 0),
            Days = results.Sum(r => r.Days),
            Turns = results.Sum(r => r.Turns),
            Leads = results.Sum(r => (long)r.Leads),
            Rests = results.Sum(r => (long)r.Rests),
            Took = took,
            Digest = results.Aggregate(0UL, (hash, r) => (hash ^ r.Digest) * 1099511628211UL),
        };
        foreach (var result in results) report.Moments.Add(result.Moments);
        return report;
    }

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        var perSecond = Days / Math.Max(0.001, Took.TotalSeconds);
        text.AppendLine(CultureInfo.InvariantCulture, $"{Seeds} of {Asked} seeds, {Leads} leads, {Turns} turns, {Rests} checks at rest; {Days:0} simulated days in {Took.TotalSeconds:0.0} s: {perSecond:0.0} simulated days per second; digest {Digest:x16}");
        foreach (var moment in Enum.GetValues<Moment>()) text.AppendLine(CultureInfo.InvariantCulture, $"  {moment,-32} {Moments[moment],9}");
        if (Failure is { } failure)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Seed {failure.Plan.Seed} breaks a law; 'simulate --laws --seed {failure.Plan.Seed} --seeds 1' repeats it.");
            foreach (var broken in failure.Broken) text.AppendLine(CultureInfo.InvariantCulture, $"  {broken}");
            text.AppendLine(failure.Plan.Describe()).AppendLine("Newest turns:").AppendJoin('\n', failure.Trail).AppendLine();
        }
        foreach (var missing in Missing) text.AppendLine(CultureInfo.InvariantCulture, $"Never reached: {missing}");
        return text.Append(Passed ? "Every law held." : Failure is null ? "The laws held, and the batch proves too little." : "A law was broken.").ToString();
    }

    /// <summary>For programs.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            passed = Passed, seeds = Seeds, asked = Asked, leads = Leads, turns = Turns, checksAtRest = Rests, simulatedDays = Math.Round(Days, 1), seconds = Math.Round(Took.TotalSeconds, 1),
            simulatedDaysPerSecond = Math.Round(Days / Math.Max(0.001, Took.TotalSeconds), 1), digest = Digest.ToString("x16", CultureInfo.InvariantCulture),
            moments = Enum.GetValues<Moment>().ToDictionary(m => JsonNamingPolicy.CamelCase.ConvertName(m.ToString()), m => Moments[m]),
            neverReached = Missing.Select(m => JsonNamingPolicy.CamelCase.ConvertName(m.ToString())),
            failure = Failure is { } f ? new { seed = f.Plan.Seed, broken = f.Broken, options = f.Plan.Describe(), newestTurns = f.Trail } : null,
        },
        Json);
}
