using System.Globalization;
using System.Text;

namespace CapacityMesh.Web.Operations;

/// <summary>Writes numbers in Prometheus' text format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All numbers; those of one name stand together, as the format asks.</summary>
    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var family in metrics.GroupBy(m => m.Name).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var first = family.First();
            text.Append("# HELP ").Append(family.Key).Append(' ').Append(first.What).Append('\n');
            text.Append("# TYPE ").Append(family.Key).Append(first.IsCounter ? " counter\n" : " gauge\n");
            foreach (var metric in family) AppendSample(text, metric);
        }
        return text.ToString();
    }

    private static void AppendSample(StringBuilder text, Metric metric)
    {
        text.Append(metric.Name);
        if (metric.Labels.Count > 0)
        {
            text.Append('{').AppendJoin(',', metric.Labels.Select(l => $"{l.Name}=\"{Escape(l.Value)}\"")).Append('}');
        }
        text.Append(' ').Append(metric.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
