using System.Collections.Immutable;
using System.Globalization;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>One working spell of a week: a day as <c>mon</c> or <c>monday</c>, wall clock as <c>09:00</c>; <c>24:00</c> is midnight.</summary>
internal sealed record SpellBody(string? Day, string? From, string? To);

/// <summary>Working hours.</summary>
internal sealed record HoursBody(string? TimeZone, IReadOnlyList<SpellBody>? Week);

/// <summary>A spell of absence.</summary>
internal sealed record AwayBody(DateTimeOffset? From, DateTimeOffset? To);

/// <summary>A salesperson to describe.</summary>
internal sealed record PersonBody(
    string? Name, IReadOnlyList<string>? Pools, decimal? WeeklyCapacity, int? Concurrent, IReadOnlyList<string>? Skills, HoursBody? Hours, IReadOnlyList<AwayBody>? Away)
{
    private const int DefaultConcurrent = 5;
    private const decimal DefaultWeeklyCapacity = 20;
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The profile, or everything that is wrong with it.</summary>
    public SalespersonProfile ToProfile(IWorld world)
    {
        var errors = new FieldErrors().RequireName(Name, "name");
        var profile = new SalespersonProfile(
            [.. (Pools ?? []).Select(p => p ?? "").Distinct(StringComparer.Ordinal)], WeeklyCapacity ?? DefaultWeeklyCapacity, Concurrent ?? DefaultConcurrent,
            [.. (Skills ?? []).Select(s => s ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Hours?.TimeZone, HoursOf(errors), AwayOf(errors));
        FieldError[] all = [.. errors.All, .. profile.Check(world)];
        return all.Length == 0 ? profile : throw new ProblemException(Problem.Invalid(all));
    }

    private ImmutableArray<WorkingHours> HoursOf(FieldErrors errors)
    {
        var week = ImmutableArray.CreateBuilder<WorkingHours>();
        foreach (var spell in Hours?.Week ?? [])
        {
            var field = $"hours.week[{week.Count}]";
            var day = spell?.Day is { Length: >= 3 } name ? Array.FindIndex(Days, d => IsDay(d, name)) : -1;
            var from = TimeOf(spell?.From);
            var to = spell?.To == "24:00" ? TimeOnly.MinValue : TimeOf(spell?.To);
            errors.Require(day >= 0, $"{field}.day", "invalidDay", "A day is mon, tue, wed, thu, fri, sat or sun.")
                .Require(from is not null, $"{field}.from", "invalidTime", "A time is HH:mm.")
                .Require(to is not null, $"{field}.to", "invalidTime", "A time is HH:mm, up to 24:00.");
            week.Add(new WorkingHours((DayOfWeek)Math.Max(day, 0), from ?? TimeOnly.MinValue, to ?? TimeOnly.MinValue));
        }
        return week.ToImmutable();
    }

    private ImmutableArray<Spell> AwayOf(FieldErrors errors)
    {
        var away = ImmutableArray.CreateBuilder<Spell>();
        foreach (var spell in Away ?? [])
        {
            errors.Require(spell?.From is not null && spell.To is not null, $"away[{away.Count}]", "required", "A spell of absence has from and to.");
            away.Add(new Spell(spell?.From ?? default, spell?.To ?? DateTimeOffset.MaxValue));
        }
        away.Sort((a, b) => a.From.CompareTo(b.From));
        return away.ToImmutable();
    }

    private static bool IsDay(string day, string name) =>
        name.Equals(day, StringComparison.OrdinalIgnoreCase) || name.Equals(((DayOfWeek)Array.IndexOf(Days, day)).ToString(), StringComparison.OrdinalIgnoreCase);

    private static TimeOnly? TimeOf(string? text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}

/// <summary>How a person is doing.</summary>
internal sealed record StatusBody(PresenceStatus? Status);

/// <summary>What a person holds.</summary>
internal sealed record LoadReply(int Open, int Reserved, int Concurrent, decimal UsedThisWeek, decimal WeeklyCapacity)
{
    public static LoadReply Of(SalespersonState state, DateTimeOffset now) => new(
        state.Work.Count(w => w.Open), state.Work.Count(w => !w.Open), state.Profile.Concurrent, SalespersonCapacity.Used(state, now), state.Profile.WeeklyCapacity);
}

/// <summary>A salesperson: the description, and how they are doing.</summary>
internal sealed record PersonReply(
    string Id, string? Name, IReadOnlyList<string> Pools, decimal WeeklyCapacity, int Concurrent, IReadOnlyList<string> Skills, HoursBody? Hours, IReadOnlyList<AwayBody> Away,
    PresenceStatus Status, bool TakesOffers, LoadReply Load)
{
    public static PersonReply Of(string id, PersonBody body, SalespersonState state, DateTimeOffset now) => new(
        id, body.Name, state.Profile.Pools, state.Profile.WeeklyCapacity, state.Profile.Concurrent, state.Profile.Skills, body.Hours, body.Away ?? [],
        state.Status, SalespersonCapacity.TakesOffers(state, now), LoadReply.Of(state, now));
}
