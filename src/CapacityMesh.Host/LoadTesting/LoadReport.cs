using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>What a run brought; times in milliseconds.</summary>
internal sealed record LoadReport(
    string Mode, double? RateAsked, int Connections, double Seconds, long Accepted, double AcceptedPerSecond, long Errors, long Unsent,
    IReadOnlyDictionary<string, long> ErrorsByKind, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>What was done beside the captures, by kind; null unless mixed.</summary>
    public IReadOnlyDictionary<string, long>? Beside { get; init; }

    /// <summary>Laws that the server did not keep; null unless they were checked.</summary>
    public IReadOnlyList<string>? BrokenLaws { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static LoadReport Of(LoadPlan plan, LoadRun run, double seconds, long unsent)
    {
        var errors = run.Errors;
        return new LoadReport(
            plan.Rate is null ? "max" : "rate", plan.Rate, plan.Connections, Math.Round(seconds, 3), run.Accepted, Math.Round(run.Accepted / Math.Max(seconds, run.Elapsed.TotalSeconds), 1),
            errors.Values.Sum(), unsent, errors, Ms(run.Latency.At(0.5)), Ms(run.Latency.At(0.9)), Ms(run.Latency.At(0.99)), Ms(run.Latency.At(0.999)), Ms(run.Latency.Max));
    }

    /// <summary>Whether every lead was acknowledged.</summary>
    public bool IsClean => Errors == 0 && Unsent == 0 && Accepted > 0 && BrokenLaws is null or { Count: 0 };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public string ToTable()
    {
        var text = new StringBuilder();
        Line("mode", Mode == "max" ? "as fast as the connections allow" : string.Create(CultureInfo.InvariantCulture, $"{RateAsked:0.##} leads a second, fixed ahead"));
        Line("connections", Connections);
        Line("acknowledged", string.Create(CultureInfo.InvariantCulture, $"{Accepted} ({AcceptedPerSecond:0.#} a second)"));
        Line("errors", Errors == 0 ? "0" : $"{Errors} ({string.Join(", ", ErrorsByKind.OrderByDescending(e => e.Value).Select(e => $"{e.Key}: {e.Value}"))})");
        if (Unsent > 0) Line("given up unsent", Unsent);
        Line("latency", string.Create(CultureInfo.InvariantCulture, $"p50 {P50:0.##} ms, p90 {P90:0.##} ms, p99 {P99:0.##} ms, p99.9 {P999:0.##} ms, max {Max:0.##} ms"));
        if (Beside is { Count: > 0 } beside) Line("beside", string.Join(", ", beside.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key}: {b.Value}")));
        if (BrokenLaws is { } laws) Line("laws", laws.Count == 0 ? "kept" : string.Join(' ', laws));
        return text.ToString().TrimEnd();

        void Line(string name, object value) => text.Append(name.PadRight(18)).Append(value).Append('\n');
    }

    private static double Ms(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
