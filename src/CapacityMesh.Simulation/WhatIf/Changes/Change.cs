using System.Text.Json.Nodes;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf.Changes;

/// <summary>Something that a business might change. It changes pictures, never the business.</summary>
public abstract record Change
{
    private protected Change() { }

    /// <summary>Changes of one question at most: more is another business, and belongs into a scenario file.</summary>
    public const int CountMax = 20;

    /// <summary>Everything that stands against it in a business, by field.</summary>
    /// <param name="picture">The business.</param>
    /// <param name="path">Path of the change.</param>
    /// <param name="errors">Where it is noted.</param>
    public abstract void Check(Picture picture, string path, FieldErrors errors);

    /// <summary>The business with the change in place from the first moment. Only after <see cref="Check"/> found nothing.</summary>
    /// <param name="picture">The business.</param>
    /// <param name="weeks">How far anybody looks.</param>
    public abstract Picture Apply(Picture picture, int weeks);

    /// <summary>In words: begins a sentence.</summary>
    public abstract string Say(Picture picture);

    /// <summary>As it stands in a request.</summary>
    public abstract JsonObject ToJson();

    private protected static void RequirePool(Picture picture, string pool, PoolKind kind, string path, FieldErrors errors)
    {
        var known = picture.Process.Pools.FirstOrDefault(p => p.Id == pool);
        errors.Require(known is not null, path, "unknownPool", "The process names no such pool.");
        if (known is null) return;
        if (kind is PoolKind.People) errors.Require(known.Kind == kind, path, "poolOfSlots", "This pool is served by slots, not by people.");
        else errors.Require(known.Kind == kind, path, "poolOfPeople", "This pool is served by people, not by slots.");
    }

    private protected static void RequireStage(Picture picture, string stage, string path, FieldErrors errors) =>
        errors.Require(picture.Process.IndexOf(stage) >= 0, path, "unknownStage", "The process names no such stage.");

    // The same version with another content: leads that run on it are meant too.
    private protected static Picture WithProcess(Picture picture, Process process) =>
        picture with { Flow = picture.Flow with { Process = process, Versions = picture.Flow.Versions.SetItem(process.Version, process) } };

    private protected static Picture WithStage(Picture picture, string stage, Func<Stage, Stage> change)
    {
        var process = picture.Process;
        var index = process.IndexOf(stage);
        return WithProcess(picture, process with { Stages = process.Stages.SetItem(index, change(process.Stages[index])) });
    }

    private protected static string Text(decimal value) => value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
}
