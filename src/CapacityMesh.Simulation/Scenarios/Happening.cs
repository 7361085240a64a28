using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Scenarios;

/// <summary>Something that happens to the business, on a day that nobody planned.</summary>
/// <param name="After">When, from the start.</param>
public abstract record Happening(TimeSpan After)
{
    /// <summary>Lets it happen; the host's clock stands at the instant.</summary>
    public abstract void Happen(VirtualHost host);

    /// <summary>Units of a pool that it takes away between two instants: the fluid bound knows of it beforehand, the policies do not.</summary>
    public abstract double TakesAway(Scenario scenario, string pool, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Part of a span that lies within another, as a share of a week.</summary>
    protected static double Weeks(DateTimeOffset from, DateTimeOffset to, DateTimeOffset since, DateTimeOffset until)
    {
        var (begin, end) = (from > since ? from : since, to < until ? to : until);
        return end > begin ? (end - begin).TotalDays / 7 : 0;
    }
}

/// <summary>A person is away from one minute to the next, and comes back.</summary>
/// <param name="After">When, from the start.</param>
/// <param name="Person">Who.</param>
/// <param name="Lasts">For how long.</param>
public sealed record Illness(TimeSpan After, string Person, TimeSpan Lasts) : Happening(After)
{
    /// <inheritdoc/>
    public override void Happen(VirtualHost host)
    {
        var person = new EntityId(host.Workspace, EntityKind.Salesperson, Person);
        host.Tell(person, new SalespersonCommand.SetStatus(PresenceStatus.Away));
        host.Schedule(host.Now + Lasts, () => host.Tell(person, new SalespersonCommand.SetStatus(PresenceStatus.Available)));
    }

    /// <inheritdoc/>
    public override double TakesAway(Scenario scenario, string pool, DateTimeOffset from, DateTimeOffset to)
    {
        var ill = scenario.People.FirstOrDefault(p => p.Id == Person && p.Profile.Pools.Contains(pool));
        var begin = scenario.Start + After;
        return ill is null ? 0 : (double)ill.Profile.WeeklyCapacity / ill.Profile.Pools.Length * Weeks(from, to, begin, begin + Lasts);
    }
}

/// <summary>Slots of a pool do not take place: they are withdrawn with some notice, booked ones too.</summary>
/// <param name="After">When it becomes known, from the start.</param>
/// <param name="Pool">Whose slots.</param>
/// <param name="Notice">From when on slots fall out, counted from when it becomes known.</param>
/// <param name="Lasts">For how long.</param>
public sealed record Standstill(TimeSpan After, string Pool, TimeSpan Notice, TimeSpan Lasts) : Happening(After)
{
    /// <summary>The slots that it hits.</summary>
    public IEnumerable<PlannedSlot> Hit(Scenario scenario)
    {
        var from = scenario.Start + After + Notice;
        return scenario.Slots.Where(s => s.Pool == Pool && s.StartsAt >= from && s.StartsAt < from + Lasts);
    }

    /// <inheritdoc/>
    public override void Happen(VirtualHost host)
    {
        var pool = host.Find<PoolState>(new EntityId(host.Workspace, EntityKind.Pool, Pool))!;
        foreach (var (slot, report) in pool.Slots)
        {
            if (report.StartsAt < host.Now + Notice || report.StartsAt >= host.Now + Notice + Lasts) continue;
            host.Tell(new EntityId(host.Workspace, EntityKind.DeliverySlot, slot), new SlotCommand.Withdraw());
        }
    }

    /// <inheritdoc/>
    public override double TakesAway(Scenario scenario, string pool, DateTimeOffset from, DateTimeOffset to) =>
        pool == Pool ? Hit(scenario).Count(s => s.StartsAt >= from && s.StartsAt < to) : 0;
}
