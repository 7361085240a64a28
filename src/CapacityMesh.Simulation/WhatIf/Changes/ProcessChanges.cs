using System.Text.Json.Nodes;
using System.Xml;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.WhatIf.Changes;

/// <summary>A stage passes another share of its leads, and everybody knows it.</summary>
/// <param name="Stage">Which stage.</param>
/// <param name="To">Share of leads, 0 to 1.</param>
public sealed record SetPassRate(string Stage, decimal To) : Change
{
    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors) => RequireStage(picture, Stage, $"{path}.stage", errors);

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks)
    {
        var changed = WithStage(picture, Stage, s => s with { PassRate = To });
        var pool = changed.Process.Stages[changed.Process.IndexOf(Stage)].Pool;
        var known = changed.Rates.GetValueOrDefault(Stage);
        changed = changed with { Rates = changed.Rates.SetItem(Stage, known with { Rate = (double)To, Outcomes = 0 }) };
        if (changed.Pools.GetValueOrDefault(pool) is not { } state || state.Stages.GetValueOrDefault(Stage) is not { } counts) return changed;
        // What was learned of the old rate speaks of the old rate.
        var forgotten = state with { Stages = state.Stages.SetItem(Stage, counts with { Passed = 0, Lost = 0, PriorWeight = 1, Recent = UInt128.Zero, RecentCount = 0, StepBelieved = 0, StepRate = 0 }) };
        return changed with { Pools = changed.Pools.SetItem(pool, forgotten) };
    }

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"{Text(To * 100)} % of the leads passing {Stage}";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["passRate"] = new JsonObject { ["stage"] = Stage, ["to"] = To } };
}

/// <summary>A lead takes more, or less, effort at a stage.</summary>
/// <param name="Stage">Which stage.</param>
/// <param name="To">Units; above 0, at most 1,000.</param>
public sealed record SetEffort(string Stage, decimal To) : Change
{
    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors) => RequireStage(picture, Stage, $"{path}.stage", errors);

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks) => WithStage(picture, Stage, s => s with { Effort = To });

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"{Text(To)} units of effort a lead at {Stage}";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["effort"] = new JsonObject { ["stage"] = Stage, ["to"] = To } };
}

/// <summary>A stage promises another longest wait to whoever enters it from now on.</summary>
/// <param name="Stage">Which stage.</param>
/// <param name="To">The wait.</param>
public sealed record SetPromise(string Stage, TimeSpan To) : Change
{
    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors) => RequireStage(picture, Stage, $"{path}.stage", errors);

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks) => WithStage(picture, Stage, s => s with { Promise = To });

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"A promise of {Text((decimal)To.TotalDays)} days at {Stage}";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["promise"] = new JsonObject { ["stage"] = Stage, ["to"] = XmlConvert.ToString(To) } };
}

/// <summary>Another accepted chance that an admitted lead finds a promise broken.</summary>
/// <param name="To">0.001 to 0.5.</param>
public sealed record SetRisk(decimal To) : Change
{
    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors)
    {
    }

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks) => WithProcess(picture, picture.Process with { Risk = To });

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"A risk of {Text(To * 100)} %";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["risk"] = new JsonObject { ["to"] = To } };
}
