using System.Collections.Concurrent;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>Counts what became of calls to platforms and of outcomes, and how many campaigns differ from what we set.</summary>
internal sealed class ActuatorCounts : IMetricsSource
{
    private readonly ConcurrentDictionary<(Platform Platform, string What, string Result), long> calls = new();
    private readonly ConcurrentDictionary<(Platform Platform, string Result), long> outcomes = new();
    private readonly ConcurrentDictionary<Platform, long> drifts = new();

    /// <summary>Counts a call: a read, or a change.</summary>
    public void Call(Platform platform, string what, CallResult result) => calls.AddOrUpdate((platform, what, Json.Wire.NameOf(result)), 1, static (_, n) => n + 1);

    /// <summary>Counts what became of outcomes.</summary>
    public void Outcome(Platform platform, string result, long count = 1) => outcomes.AddOrUpdate((platform, result), count, (_, n) => n + count);

    /// <summary>Counts a drift that was found.</summary>
    public void Drift(Platform platform) => drifts.AddOrUpdate(platform, 1, static (_, n) => n + 1);

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() =>
    [
        .. calls.Select(c => new Metric("capacitymesh_actuator_calls_total", true, "Calls to ad platforms about spend, by what was asked and what came of it.", c.Value,
            ("platform", Platforms.NameOf(c.Key.Platform)), ("what", c.Key.What), ("result", c.Key.Result))),
        .. drifts.Select(d => new Metric("capacitymesh_actuator_drifts_total", true, "Times that a platform showed something else than what we had set.", d.Value, ("platform", Platforms.NameOf(d.Key)))),
        .. outcomes.Select(o => new Metric("capacitymesh_outcomes_total", true, "Outcomes for ad platforms, by what became of them.", o.Value,
            ("platform", Platforms.NameOf(o.Key.Platform)), ("result", o.Key.Result))),
    ];
}
