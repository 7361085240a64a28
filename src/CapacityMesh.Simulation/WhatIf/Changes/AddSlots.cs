using System.Text.Json.Nodes;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf.Changes;

/// <summary>More slots a month, spread evenly, beside those that are planned.</summary>
/// <param name="Pool">Which pool.</param>
/// <param name="PerMonth">Slots in 30 days; above 0, at most <see cref="PerMonthMax"/>.</param>
public sealed record AddSlots(string Pool, decimal PerMonth) : Change
{
    /// <summary>Slots a month of one pool: what its limit of slots ahead holds for a quarter.</summary>
    public const decimal PerMonthMax = 1_000;

    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors) => RequirePool(picture, Pool, PoolKind.Slots, $"{path}.pool", errors);

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks) => SlotPlan.Add(picture, Pool, PerMonth, picture.At, SlotPlan.Reach(picture, weeks), $"new~{picture.Slots.Count}");

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"{Text(PerMonth)} more slot{(PerMonth == 1 ? "" : "s")} a month in {Pool}";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["addSlots"] = new JsonObject { ["pool"] = Pool, ["perMonth"] = PerMonth } };
}
