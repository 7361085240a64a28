using CapacityMesh.Core.Kernel;
using CapacityMesh.Simulation.WhatIf.Changes;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>Reads a list of changes: each is an object with one key that names it.</summary>
public static class ChangeReader
{
    private static readonly (string Name, Func<Field, Change> Read)[] Known =
    [
        ("addPeople", f => new AddPeople(
            Within(f, "pool", "count", "weeklyCapacity").Need("pool").Key(), f.Find("count")?.Whole(1, AddPeople.PeopleMax) ?? 1, f.Find("weeklyCapacity")?.Number(0.1m, Limits.WeeklyCapacityMax))),
        ("addSlots", f => new AddSlots(Within(f, "pool", "perMonth").Need("pool").Key(), f.Need("perMonth").Number(0.1m, AddSlots.PerMonthMax))),
        ("scaleCampaign", f => new ScaleCampaign(Within(f, "campaign", "by").Need("campaign").Key(), f.Need("by").Number(0, ScaleCampaign.ByMax))),
        ("passRate", f => new SetPassRate(Within(f, "stage", "to").Need("stage").Key(), f.Need("to").Rate())),
        ("effort", f => new SetEffort(Within(f, "stage", "to").Need("stage").Key(), f.Need("to").Number(0.001m, 1_000))),
        ("promise", f => new SetPromise(Within(f, "stage", "to").Need("stage").Key(), f.Need("to").Duration())),
        ("risk", f => new SetRisk(Within(f, "to").Need("to").Number(0.001m, 0.5m))),
        ("scalePeople", f => new ScalePeople(Within(f, "pool", "by").Need("pool").Key(), f.Need("by").Number(0, ScalePeople.ByMax))),
    ];

    /// <summary>The changes, checked against a business one after the other.</summary>
    public static IReadOnlyList<Change> Read(IReadOnlyList<Field> list, Picture? picture)
    {
        var changes = new List<Change>();
        foreach (var item in list)
        {
            item.Only([.. Known.Select(k => k.Name)]);
            var named = Known.Where(k => item.Find(k.Name) is not null).ToArray();
            item.Errors.Require(named.Length == 1, item.Path, "oneChange", $"A change is an object with one key: {string.Join(", ", Known.Select(k => k.Name))}.");
            if (named.Length != 1) continue;
            var field = item.Find(named[0].Name)!;
            var change = named[0].Read(field);
            if (picture is not null) change.Check(picture, field.Path, item.Errors);
            changes.Add(change);
        }
        return changes;
    }

    private static Field Within(Field field, params string[] known) => field.Only(known);
}
