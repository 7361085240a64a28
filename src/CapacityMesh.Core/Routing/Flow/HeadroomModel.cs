using System.Collections.Immutable;

namespace CapacityMesh.Core.Routing;

/// <summary>From the pools' facts to what each pool can still take (design: chance-constrained headroom).</summary>
public static class HeadroomModel
{
    // What the process lets expect of the time to get here counts like so many arrivals.
    private const double PriorArrivals = 5;

    // The mean that pools tell speaks of at most so many.
    private const double ArrivalsMost = 20;

    // The most that may be promised: supply within this share of a promise. The rest is the buffer in front of the constraint: unanswered and declined
    // offers, lapsed holds and late arrivals use it up instead of the promise. People need more of it than slots, which begin when the plan says so.
    private const double PeoplesPromiseShare = 0.80;
    private const double SlotsPromiseShare = 0.88;

    // Nothing is promised earlier than it is needed: supply within this share of a promise is enough to stay busy, and leaves the rest for what
    // nobody plans, people who fall ill and slots that fall out (docs/decisions/0014-no-promise-before-its-time.md).
    private const double EarlyShare = 0.40;

    // Unless numbers are small: then as much as keeps the next unit fed with this chance.
    private const double FedChance = 0.80;

    /// <summary>Measures every pool of the process; pools that have not reported yet have no headroom.</summary>
    public static ImmutableArray<PoolHeadroom> Measure(FlowState state)
    {
        var process = state.Process;
        var rates = PassRates(process, state.Pools);
        var measured = ImmutableArray.CreateBuilder<PoolHeadroom>();
        foreach (var pool in process.Pools)
        {
            if (process.Stages.Any(s => s.Pool == pool.Id)) measured.Add(MeasurePool(state, pool.Id, rates));
        }
        return measured.ToImmutable();
    }

    /// <summary>Learned pass rate of each stage: the configured rate as a Beta prior, corrected by decaying outcomes.</summary>
    public static double[] PassRates(Process process, ImmutableSortedDictionary<string, PoolReport> pools)
    {
        var rates = new double[process.Stages.Length];
        for (var i = 0; i < rates.Length; i++)
        {
            var stage = process.Stages[i];
            rates[i] = PassRateLearning.Rate((double)stage.PassRate, CountsOf(stage, pools));
        }
        return rates;
    }

    private static PoolHeadroom MeasurePool(FlowState state, string pool, double[] rates)
    {
        var process = state.Process;
        var stages = Enumerable.Range(0, process.Stages.Length).Where(i => process.Stages[i].Pool == pool).ToArray();
        var unitLoad = stages.Sum(i => Reach(rates, 0, i) * (double)process.Stages[i].Effort);
        var travel = Travel(process, stages, state.Pools.GetValueOrDefault(pool));
        var promise = stages.Min(i => process.Stages[i].Promise);
        var window = travel + (promise * EarlyShare);
        if (!state.Pools.TryGetValue(pool, out var report)) return new PoolHeadroom(pool, 0, window, 0, 0, Round(unitLoad), 0);
        var load = LoadOf(state, report, stages, rates, window);
        var sustainable = unitLoad > 0 ? Math.Min(1_000_000, (double)report.WeeklyCapacity / unitLoad) : 1_000_000;
        if (unitLoad <= 0) return new PoolHeadroom(pool, PoolLoad.HeadroomMax, window, Round(load.Capacity), Round(load.Mean), 0, Round(sustainable));
        var headroom = load.Headroom((double)process.Risk);
        // A lead that starts now is there after the travel; twice that, and the time of two units, leave room for another try.
        var perUnit = report.WeeklyCapacity > 0 ? Math.Min(promise.TotalDays, 7 * (double)(process.Stages[stages[0]].Effort / report.WeeklyCapacity)) : 0;
        var toFeed = Within((travel + TimeSpan.FromDays(perUnit)) * 2).ToFeed(FedChance);
        if (toFeed > headroom)
        {
            var most = travel + (promise * (process.KindOf(pool) is PoolKind.People ? PeoplesPromiseShare : SlotsPromiseShare));
            headroom = Math.Max(headroom, Math.Min(toFeed, Within(most).Headroom((double)process.Risk)));
        }
        return new PoolHeadroom(pool, headroom, window, Round(load.Capacity), Round(load.Mean), Round(unitLoad), Round(sustainable));

        // Another look ahead sees other supply and the same load.
        PoolLoad Within(TimeSpan ahead) => load with { Capacity = Horizons.At(report.Startable, ahead) };
    }

    // Time that a new lead needs to get here: half the promises on the way, until arrivals teach better.
    private static TimeSpan Travel(Process process, int[] stages, PoolReport? report)
    {
        var expected = process.Stages.Take(stages[0]).Sum(s => s.Promise.TotalSeconds) / 2;
        var seen = Math.Min(report?.Arrivals ?? 0, ArrivalsMost);
        return TimeSpan.FromSeconds(((expected * PriorArrivals) + (seen * (report?.ArrivalSecondsMean ?? 0))) / (PriorArrivals + seen));
    }

    private static PoolLoad LoadOf(FlowState state, PoolReport report, int[] stages, double[] rates, TimeSpan window)
    {
        var process = state.Process;
        var certain = 0.0;
        var coming = ImmutableArray.CreateBuilder<LeadGroup>();
        var each = ImmutableArray.CreateBuilder<LeadGroup>();
        foreach (var index in stages)
        {
            var effort = (double)process.Stages[index].Effort;
            certain += CountsOf(process.Stages[index], state.Pools).Queued * effort;
            each.Add(new LeadGroup(1, Reach(rates, 0, index), effort));
            for (var upstream = 0; upstream < index; upstream++)
            {
                var counts = CountsOf(process.Stages[upstream], state.Pools);
                var leads = counts.Queued + counts.Placed + counts.Working;
                if (leads > 0) coming.Add(new LeadGroup(leads, Reach(rates, upstream, index), effort));
            }
            var onTheWay = OnTheWay(state);
            if (onTheWay > 0) coming.Add(new LeadGroup(onTheWay, Reach(rates, 0, index), effort));
        }
        return new PoolLoad(Horizons.At(report.Startable, window), certain, coming.ToImmutable(), each.ToImmutable());
    }

    /// <summary>Leads let in that their first pool has not reported yet.</summary>
    public static int OnTheWay(FlowState state)
    {
        var leads = 0L;
        foreach (var (pool, sent) in state.SentTo) leads += Math.Max(0, sent - (state.Pools.GetValueOrDefault(pool)?.ArrivedFromGate ?? 0));
        return (int)Math.Min(leads, int.MaxValue);
    }

    private static StageCounts CountsOf(Stage stage, ImmutableSortedDictionary<string, PoolReport> pools)
    {
        if (pools.TryGetValue(stage.Pool, out var report))
        {
            foreach (var counts in report.Stages)
            {
                if (counts.Stage == stage.Id) return counts;
            }
        }
        return StageCounts.None(stage.Id);
    }

    // Chance that a lead at one stage gets to a later one.
    private static double Reach(double[] rates, int from, int to)
    {
        var chance = 1.0;
        for (var i = from; i < to; i++) chance *= rates[i];
        return chance;
    }

    private static decimal Round(double value) => decimal.Round((decimal)value, 3);
}
