using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

/// <summary>What one person can take, now and in the time ahead. Pure functions of the state and the instant.</summary>
public static class SalespersonCapacity
{
    /// <summary>The budget's window: any seven days.</summary>
    public static readonly TimeSpan Week = TimeSpan.FromDays(7);

    // Below this many finished works, their mean duration says too little to limit anything.
    private const int FinishedMin = 5;

    /// <summary>Whether the person takes offers at the instant.</summary>
    public static bool TakesOffers(SalespersonState state, DateTimeOffset now) =>
        state is { Phase: SalespersonPhase.Active, Status: PresenceStatus.Available }
        && (state.Profile.Hours.IsEmpty || Covers(state.Calendar, now))
        && !Covers(state.Profile.Away, now);

    /// <summary>Leads that still fit beside those held.</summary>
    public static int FreePlaces(SalespersonState state) => Math.Max(0, state.Profile.Concurrent - state.Work.Length);

    /// <summary>Effort begun or reserved in the last seven days.</summary>
    public static decimal Used(SalespersonState state, DateTimeOffset now)
    {
        var used = 0m;
        foreach (var debit in state.Debits)
        {
            if (debit.At > now - Week) used += debit.Effort;
        }
        return used;
    }

    /// <summary>Units of the weekly budget that are left.</summary>
    public static decimal FreeBudget(SalespersonState state, DateTimeOffset now) => Math.Max(0, state.Profile.WeeklyCapacity - Used(state, now));

    /// <summary>
    /// Units of effort that the person can begin within a horizon: what the rolling budget returns, limited by working hours, absence, and by
    /// how fast held work makes place (Little's law: places / mean duration).
    /// </summary>
    public static decimal Startable(SalespersonState state, DateTimeOffset now, TimeSpan horizon)
    {
        if (state is not { Phase: SalespersonPhase.Active, Status: PresenceStatus.Available } || horizon <= TimeSpan.Zero) return 0;
        var until = now + horizon;
        var weeks = horizon.Ticks / Week.Ticks;
        var rest = until - (weeks * Week);
        var weekly = state.Profile.WeeklyCapacity;
        var stillUsed = 0m;
        foreach (var debit in state.Debits)
        {
            if (debit.At > rest - Week) stillUsed += debit.Effort;
        }
        var budget = (weekly * weeks) + Math.Max(0, weekly - stillUsed);
        return Math.Min(ByHours(state, now, until, budget), ByPlaces(state, horizon));
    }

    /// <summary>The next instant at which something changes by itself: a working spell, an absence, or a debit that leaves the window.</summary>
    public static DateTimeOffset NextChange(SalespersonState state, DateTimeOffset now, TimeSpan atMost)
    {
        var next = now + atMost;
        foreach (var spell in state.Calendar) next = Earlier(Earlier(next, spell.From, now), spell.To, now);
        foreach (var spell in state.Profile.Away) next = Earlier(Earlier(next, spell.From, now), spell.To, now);
        foreach (var debit in state.Debits) next = Earlier(next, debit.At + Week, now);
        return next;
    }

    /// <summary>
    /// When the person can take one more unit of work: now, or when hours, an absence or the weekly budget next allow it. Null when only they
    /// themselves can say: not available, all places taken, or nothing within the calendar that is known.
    /// </summary>
    public static DateTimeOffset? NextFree(SalespersonState state, DateTimeOffset now)
    {
        // A fortnight with three spells and a debit a day has fewer changes than this.
        const int ChangesMax = 200;
        var horizon = now + (2 * Week);
        if (state is not { Phase: SalespersonPhase.Active, Status: PresenceStatus.Available } || FreePlaces(state) == 0) return null;
        var at = now;
        for (var i = 0; i < ChangesMax && at < horizon; i++)
        {
            if (TakesOffers(state, at) && FreeBudget(state, at) >= 1) return at;
            at = NextChange(state, at, horizon - at);
        }
        return null;
    }

    /// <summary>Working spells in UTC from a day before the instant, for so many days; sorted by start.</summary>
    public static ImmutableArray<Spell> Expand(SalespersonProfile profile, DateTimeOffset now, int days, IWorld world)
    {
        if (profile.Hours.IsEmpty) return [];
        var zone = profile.TimeZone!;
        var first = world.ToLocal(zone, now).Date.AddDays(-1);
        var spells = ImmutableArray.CreateBuilder<Spell>();
        for (var day = 0; day < days; day++)
        {
            var date = first.AddDays(day);
            foreach (var hours in profile.Hours)
            {
                if (hours.Day != date.DayOfWeek) continue;
                var from = world.ToInstant(zone, date + hours.From.ToTimeSpan());
                var to = world.ToInstant(zone, hours.To == TimeOnly.MinValue ? date.AddDays(1) : date + hours.To.ToTimeSpan());
                if (to > from) spells.Add(new Spell(from, to));
            }
        }
        spells.Sort((a, b) => a.From.CompareTo(b.From));
        return spells.ToImmutable();
    }

    /// <summary>What a pool is told about the person.</summary>
    public static MemberReport ReportOf(SalespersonState state, DateTimeOffset now)
    {
        // A person who serves several pools is shared out evenly: first honest version.
        var share = Math.Max(1, state.Profile.Pools.Length);
        var startable = ImmutableArray.CreateBuilder<decimal>(Horizons.Count);
        foreach (var horizon in Horizons.All) startable.Add(decimal.Round(Startable(state, now, horizon) / share, 3));
        return new MemberReport(
            TakesOffers(state, now), FreePlaces(state), state.Profile.Concurrent, FreeBudget(state, now), WeeklyPresent(state, now) / share,
            state.LastOfferedAt, state.Profile.Skills, startable.MoveToImmutable(), state.Revision);
    }

    // Weekly capacity that is really there in the coming week: nothing of somebody who is away.
    private static decimal WeeklyPresent(SalespersonState state, DateTimeOffset now)
    {
        if (state is not { Phase: SalespersonPhase.Active, Status: PresenceStatus.Available }) return 0;
        var away = AwayIn(state.Profile, now, now + Week) / Week;
        return decimal.Round(state.Profile.WeeklyCapacity * (decimal)Math.Max(0, 1 - away), 3);
    }

    private static decimal ByHours(SalespersonState state, DateTimeOffset now, DateTimeOffset until, decimal budget)
    {
        var profile = state.Profile;
        if (!profile.Hours.IsEmpty)
        {
            var worked = state.Calendar.Sum(s => (s.Within(now, until) - AwayIn(profile, Max(s.From, now), Min(s.To, until))).TotalHours);
            var weekly = profile.Hours.Sum(h => ((h.To == TimeOnly.MinValue ? TimeSpan.FromDays(1) : h.To.ToTimeSpan()) - h.From.ToTimeSpan()).TotalHours);
            return weekly <= 0 ? 0 : Math.Min(budget, profile.WeeklyCapacity * (decimal)(Math.Max(0, worked) / weekly));
        }
        if (profile.Away.IsEmpty) return budget;
        var span = (until - now).TotalHours;
        return budget * (decimal)Math.Max(0, 1 - (AwayIn(profile, now, until).TotalHours / span));
    }

    private static decimal ByPlaces(SalespersonState state, TimeSpan horizon) =>
        state.Finished < FinishedMin || state.WorkSecondsMean < 1
            ? decimal.MaxValue
            : FreePlaces(state) + (decimal)(state.Profile.Concurrent * horizon.TotalSeconds / state.WorkSecondsMean);

    private static TimeSpan AwayIn(SalespersonProfile profile, DateTimeOffset from, DateTimeOffset to)
    {
        var away = TimeSpan.Zero;
        foreach (var spell in profile.Away) away += spell.Within(from, to);
        return away;
    }

    private static bool Covers(ImmutableArray<Spell> spells, DateTimeOffset now)
    {
        foreach (var spell in spells)
        {
            if (spell.Contains(now)) return true;
        }
        return false;
    }

    private static DateTimeOffset Earlier(DateTimeOffset best, DateTimeOffset candidate, DateTimeOffset now) => candidate > now && candidate < best ? candidate : best;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
