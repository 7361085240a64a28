using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.Replay;

/// <summary>
/// A scenario made of history: the leads that came, and for the won ones how long they took. What the files do not tell is assumed and named in
/// <see cref="ReplayOptions"/>: who worked the lost leads and how long, how much people can take, and, for files with days only, the hour.
/// </summary>
public static class ReplayScenario
{
    private static readonly TimeSpan DayBegins = TimeSpan.FromHours(9);
    private static readonly TimeSpan DayEnds = TimeSpan.FromHours(18);

    /// <summary>Makes the scenario.</summary>
    /// <exception cref="InvalidDataException">No lead lies in the window.</exception>
    public static Scenario From(History history, ReplayOptions options)
    {
        var leads = history.Leads.Where(l => (options.From is not { } from || l.At >= from) && (options.To is not { } to || l.At < to)).ToArray();
        if (leads.Length == 0) throw new InvalidDataException("No lead lies in the window.");
        var start = new DateTimeOffset(leads[0].At.Date, TimeSpan.Zero);
        var won = leads.Count(l => history.Deals.ContainsKey(l.Id));
        var people = options.People ?? Math.Max(1, leads.Select(l => history.Deals.GetValueOrDefault(l.Id).Person).Where(p => !string.IsNullOrEmpty(p)).Distinct().Count());
        return new Scenario
        {
            Name = "replay",
            Summary = $"{leads.Length} leads from {start:yyyy-MM-dd}, {won} of them won, {people} people with {options.Weekly:0.##} a week each (assumed).",
            Start = start,
            Span = new DateTimeOffset(leads[^1].At.Date, TimeSpan.Zero).AddDays(1) - start,
            Drain = TimeSpan.FromDays(120),
            Process = ProcessOf(options, leads.Length, won),
            People = [.. Enumerable.Range(1, people).Select(i => new ScenarioPerson($"sr-{i:D2}", new SalespersonProfile(["sales"], options.Weekly, options.Concurrent, [], null, [], [])))],
            Campaigns = [.. leads.Select(l => l.Campaign).Distinct().Order(StringComparer.Ordinal).Select(c => new ScenarioCampaign(c, CampaignProfile.Default, options.CostPerLead))],
            Arrivals = seeds => ArrivalsOf(leads, history.DatesOnly, seeds),
            Fates = _ => FatesOf(history, leads, options),
            ArrivalsAreHistory = true,
        };
    }

    private static Process ProcessOf(ReplayOptions options, int leads, int won) => Process.Empty with
    {
        Pools = [new PoolDefinition("sales", PoolKind.People)],
        Stages = [new Stage("sales", "sales", 1, decimal.Round(Math.Max(0.001m, (decimal)won / leads), 3), options.Promise, TimeSpan.FromHours(2), Wins: true)],
        WorkLease = TimeSpan.FromDays(30),
    };

    private static IEnumerable<Arrival> ArrivalsOf(PastLead[] leads, bool datesOnly, SeedStreams seeds)
    {
        if (!datesOnly) return leads.Select(l => new Arrival(l.At, l.Id, l.Campaign));
        // The hour is not known: spread over business hours, a draw of its own per lead.
        return leads.Select(l => new Arrival(l.At + seeds.Fresh($"hour/{l.Id}").Between(DayBegins, DayEnds), l.Id, l.Campaign)).OrderBy(a => a.At).ThenBy(a => a.LeadId, StringComparer.Ordinal);
    }

    // A won lead is worked for as long as it took from the first contact to the deal.
    private static Fate FatesOf(History history, PastLead[] leads, ReplayOptions options)
    {
        var cameAt = leads.ToDictionary(l => l.Id, l => l.At);
        return (lead, _) =>
        {
            if (!history.Deals.TryGetValue(lead, out var deal)) return (StageOutcome.Lost, options.LostAfter);
            var took = deal.WonAt - cameAt[lead];
            return (StageOutcome.Passed, took > TimeSpan.FromHours(1) ? took : TimeSpan.FromHours(1));
        };
    }
}
