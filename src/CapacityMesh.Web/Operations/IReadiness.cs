namespace CapacityMesh.Web.Operations;

/// <summary>Something that must be up before requests are welcome; hosts register as many as they have.</summary>
public interface IReadiness
{
    /// <summary>What is missing, in one sentence for operators; null when nothing is.</summary>
    string? WhyNot { get; }
}

/// <summary>Numbers that a host adds to <c>/metrics</c>: queue lengths, batch sizes. Read at every scrape.</summary>
public interface IMetricsSource
{
    /// <summary>The numbers now.</summary>
    IEnumerable<Metric> Collect();
}

/// <summary>One number.</summary>
/// <param name="Name">Prometheus name, with its unit last, such as <c>capacitymesh_queue_length</c>.</param>
/// <param name="IsCounter">Only ever rises; otherwise a gauge.</param>
/// <param name="What">One sentence.</param>
/// <param name="Value">The number.</param>
/// <param name="Labels">Pairs of name and value; no personal data, and few different values.</param>
public sealed record Metric(string Name, bool IsCounter, string What, double Value, params IReadOnlyList<(string Name, string Value)> Labels);
