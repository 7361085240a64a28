using System.Text.Json.Nodes;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.World;

namespace CapacityMesh.Simulation.WhatIf.Changes;

/// <summary>More people in a pool, from now on.</summary>
/// <param name="Pool">Which pool.</param>
/// <param name="Count">How many; 1 to <see cref="PeopleMax"/>.</param>
/// <param name="WeeklyCapacity">Units a week of each; null for the mean of those who are there.</param>
public sealed record AddPeople(string Pool, int Count, decimal? WeeklyCapacity) : Change
{
    /// <summary>People that one change may add.</summary>
    public const int PeopleMax = 200;

    private const decimal DefaultWeekly = 20;
    private const int CalendarDays = 92;

    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors)
    {
        RequirePool(picture, Pool, PoolKind.People, $"{path}.pool", errors);
        errors.Require(picture.PeopleOf(Pool).Count() + Count <= Limits.PeoplePerPoolMax, $"{path}.count", "tooManyPeople", "A pool has at most 2,000 people.");
    }

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks)
    {
        var there = picture.PeopleOf(Pool).Select(p => p.Value.Profile).OrderByDescending(p => p.WeeklyCapacity).ToArray();
        // They work when the busiest of their colleagues work.
        var model = there.FirstOrDefault();
        var weekly = WeeklyOf(picture);
        var concurrent = Math.Max(model?.Concurrent ?? 0, (int)Math.Clamp(weekly / 2, 5, Limits.ConcurrentMax));
        var profile = new SalespersonProfile([Pool], weekly, concurrent, model?.Skills ?? [], model?.TimeZone, model?.Hours ?? [], []);
        var calendar = SalespersonCapacity.Expand(profile, picture.At, CalendarDays, new PublishedWorld(_ => null));
        var people = picture.People;
        for (var i = 1; i <= Count; i++)
        {
            // No id of a user's choice holds this sign.
            people = people.SetItem($"new~{Pool}~{people.Count + 1}", new SalespersonState { Phase = SalespersonPhase.Active, Profile = profile, Calendar = calendar });
        }
        return picture with { People = people };
    }

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"{Count} more {(Count == 1 ? "person" : "people")} in {Pool} with {Text(WeeklyOf(picture))} a week";

    /// <inheritdoc/>
    public override JsonObject ToJson()
    {
        var body = new JsonObject { ["pool"] = Pool, ["count"] = Count };
        if (WeeklyCapacity is { } weekly) body["weeklyCapacity"] = weekly;
        return new JsonObject { ["addPeople"] = body };
    }

    private decimal WeeklyOf(Picture picture)
    {
        if (WeeklyCapacity is { } told) return told;
        var there = picture.PeopleOf(Pool).Select(p => p.Value.Profile.WeeklyCapacity).Where(w => w > 0).ToArray();
        return there.Length > 0 ? decimal.Round(there.Average(), 1) : DefaultWeekly;
    }
}

/// <summary>The people of a pool take on more, or less, a week.</summary>
/// <param name="Pool">Which pool.</param>
/// <param name="By">Times what they take on now; 0 to 10.</param>
public sealed record ScalePeople(string Pool, decimal By) : Change
{
    /// <summary>The most that anybody's capacity may be multiplied by.</summary>
    public const decimal ByMax = 10;

    /// <inheritdoc/>
    public override void Check(Picture picture, string path, FieldErrors errors) => RequirePool(picture, Pool, PoolKind.People, $"{path}.pool", errors);

    /// <inheritdoc/>
    public override Picture Apply(Picture picture, int weeks) => picture with
    {
        People = picture.People.SetItems(picture.PeopleOf(Pool).Select(p => KeyValuePair.Create(p.Key, p.Value with
        {
            Profile = p.Value.Profile with { WeeklyCapacity = Math.Min(Limits.WeeklyCapacityMax, p.Value.Profile.WeeklyCapacity * By) },
        }))),
    };

    /// <inheritdoc/>
    public override string Say(Picture picture) => $"{Text((By - 1) * 100)} % {(By < 1 ? "less" : "more")} a week from everybody in {Pool}".Replace("-", "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override JsonObject ToJson() => new() { ["scalePeople"] = new JsonObject { ["pool"] = Pool, ["by"] = By } };
}
