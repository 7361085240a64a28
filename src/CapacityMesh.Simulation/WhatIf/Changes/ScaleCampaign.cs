using System.Text.Json.Nodes;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.WhatIf.Changes;

/// <summary>A campaign brings more, or fewer, leads with its full budget, at the same cost per lead.</summary>
/// <param name="Campaign">Which campaign.</param>
/// <param name="By">Times what it brings now; 0 to <see cref="ByMax"/>.</param>
public sealed record ScaleCampaign(string Campaign, decimal By) : Change
{
    /// <summary>The most that a campaign may be multiplied by.</summary>
    public const decimal ByMax = 100;

    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors) =>
        errors.Require(picture.Campaigns.ContainsKey(Campaign) || picture.Arrivals.ContainsKey(Campaign), $"{path}.campaign", "unknownCampaign", "There is no such campaign.");

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks) => picture.Arrivals.TryGetValue(Campaign, out var rate)
        ? picture with { Arrivals = picture.Arrivals.SetItem(Campaign, rate with { PerWeek = rate.PerWeek * (double)By }) }
        : picture.Assuming($"{Campaign} has brought no lead lately: nothing is known that could be scaled.");

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"{Text(By)} times the leads of {Campaign}";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["scaleCampaign"] = new JsonObject { ["campaign"] = Campaign, ["by"] = By } };
}
