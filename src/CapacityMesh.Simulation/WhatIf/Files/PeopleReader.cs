using System.Collections.Immutable;
using System.Globalization;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.World;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>Reads the people, in the form in which the API takes them; <c>count</c> stands for several who are alike.</summary>
public static class PeopleReader
{
    private const int CalendarDays = 92;

    private static readonly PublishedWorld Zones = new(_ => null);

    private static readonly (string, DayOfWeek)[] Days =
    [
        ("mon", DayOfWeek.Monday), ("tue", DayOfWeek.Tuesday), ("wed", DayOfWeek.Wednesday), ("thu", DayOfWeek.Thursday), ("fri", DayOfWeek.Friday), ("sat", DayOfWeek.Saturday), ("sun", DayOfWeek.Sunday),
    ];

    /// <summary>The people by id.</summary>
    public static ImmutableSortedDictionary<string, SalespersonState> Read(Field top, Picture picture)
    {
        var people = Picture.Empty<SalespersonState>().ToBuilder();
        foreach (var item in top.Items("people"))
        {
            var person = ReadOne(item, picture);
            var id = item.Need("id").Key();
            var count = item.Find("count")?.Whole(1, Limits.PeoplePerPoolMax) ?? 1;
            item.Errors.Require(people.Count + count <= Limits.PeoplePerPoolMax, item.Path, "tooManyPeople", "A scenario has at most 2,000 people.");
            if (people.Count + count > Limits.PeoplePerPoolMax) break;
            for (var i = 1; i <= count; i++)
            {
                var own = count == 1 ? id : $"{id}-{i}";
                item.Errors.Require(people.TryAdd(own, person), $"{item.Path}.id", "doubledId", "Another person has this id.");
            }
        }
        return people.ToImmutable();
    }

    private static SalespersonState ReadOne(Field item, Picture picture)
    {
        item.Only("id", "count", "pools", "weeklyCapacity", "concurrent", "skills", "hours", "away", "used");
        var pools = item.Need("pools").List(Limits.PoolsMax);
        foreach (var pool in pools)
        {
            var known = picture.Process.Pools.FirstOrDefault(p => p.Id == pool.Key());
            pool.Errors.Require(known is { Kind: PoolKind.People }, pool.Path, known is null ? "unknownPool" : "poolOfSlots", "The process names no such pool of people.");
        }
        var hours = item.Find("hours")?.Only("timeZone", "week");
        var profile = new SalespersonProfile(
            [.. pools.Select(p => p.Key()).Distinct(StringComparer.Ordinal)], item.Find("weeklyCapacity")?.Number(0, Limits.WeeklyCapacityMax) ?? 20, item.Find("concurrent")?.Whole(1, Limits.ConcurrentMax) ?? 5,
            [.. item.Items("skills", Limits.SkillsMax).Select(s => s.Key()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            hours?.Need("timeZone").Text(64), hours is null ? [] : [.. hours.Need("week").List(Limits.HoursPerWeekMax).Select(ReadHours)],
            [.. item.Items("away", Limits.AwayMax).Select(a => new Spell(a.Only("from", "to").Need("from").Instant(), a.Need("to").Instant()))]);
        if (item.Errors.None)
        {
            foreach (var error in profile.Check(Zones)) item.Errors.Require(false, $"{item.Path}.{error.Field}", error.Code, error.Text);
        }
        var used = item.Find("used")?.Whole(0, Limits.WeeklyCapacityMax) ?? 0;
        return new SalespersonState
        {
            Phase = SalespersonPhase.Active, Profile = profile, Debits = Spent(used, picture.At),
            Calendar = item.Errors.None ? SalespersonCapacity.Expand(profile, picture.At, CalendarDays, Zones) : [],
        };
    }

    private static WorkingHours ReadHours(Field spell)
    {
        spell.Only("day", "from", "to");
        return new WorkingHours(spell.Need("day").Word(Days), ReadTime(spell.Need("from")), ReadTime(spell.Need("to")));
    }

    private static TimeOnly ReadTime(Field field)
    {
        var text = field.Text(8);
        if (text == "24:00") return TimeOnly.MinValue;
        var reads = TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        field.Errors.Require(reads, field.Path, "invalidTime", "A time is HH:mm, up to 24:00.");
        return time;
    }

    // Units of the week's budget that are gone, as if begun evenly over the last seven days.
    private static ImmutableArray<Debit> Spent(int used, DateTimeOffset at) =>
        [.. Enumerable.Range(0, used).Select(i => new Debit($"before-{i}", 1, at - (SalespersonCapacity.Week * ((used - i - 0.5) / used))))];
}
