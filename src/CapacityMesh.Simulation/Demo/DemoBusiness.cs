using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.Demo;

/// <summary>
/// The seed story on a running server: two people with 20 conversations a week each, a founder in every deal, onboarding that takes few clients a month,
/// campaigns that would send 100 leads a week. People are hired and slots added as it goes, so that the constraint moves.
/// </summary>
public sealed class DemoBusiness(LiveWorld world, IDemoServer server, SeedStreams seeds)
{
    private static readonly (string Id, string Name, string Channel, double PerWeek, decimal Value, decimal CostPerLead)[] Campaigns =
    [
        ("spring-search", "Spring search", "google", 60, 12_000, 45),
        ("founder-stories", "Founder stories", "linkedin", 15, 15_000, 90),
        ("lookalike-social", "Lookalike social", "meta", 25, 8_000, 20),
    ];

    private readonly Dictionary<string, decimal> multipliers = [];
    private readonly Dictionary<string, int> sentToday = [];
    private int leads;
    private int slots;
    private DateTimeOffset slotsUntil;
    private TimeSpan slotEvery = TimeSpan.FromDays(10);

    /// <summary>Leads sent so far.</summary>
    public int LeadsSent => leads;

    /// <summary>Sets the business up; it lives once the world runs.</summary>
    public async Task SetUpAsync(CancellationToken cancel)
    {
        var start = world.Now;
        // Offers stand longer than usual: a second of the audience's time is an hour here.
        await server.DefineProcessAsync(SeedStory.Process with { OfferTimeout = TimeSpan.FromHours(1) }, cancel).ConfigureAwait(false);
        await server.AddPersonAsync("ana", "Ana", "sales", 20, 8, cancel).ConfigureAwait(false);
        await server.AddPersonAsync("ben", "Ben", "sales", 20, 8, cancel).ConfigureAwait(false);
        await server.AddPersonAsync("founder", "The founder", "founder", 24, 8, cancel).ConfigureAwait(false);
        slotsUntil = start;
        await PlanSlotsAsync(start + TimeSpan.FromDays(60), cancel).ConfigureAwait(false);
        foreach (var campaign in Campaigns)
        {
            var budget = decimal.Round((decimal)campaign.PerWeek / 7 * campaign.CostPerLead);
            await server.AddCampaignAsync(campaign.Id, campaign.Name, campaign.Channel, new Money(campaign.Value, "EUR"), new Money(budget, "EUR"), cancel).ConfigureAwait(false);
            multipliers[campaign.Id] = 1;
        }
        var workforce = new Workforce(world, seeds, Habits.Diligent, (lead, stage) => (Passes(lead, stage), null));
        world.Follow(workforce.Hear);
        world.Follow(new Deliveries(world).Hear);
        world.Follow(HearSignals);
        foreach (var campaign in Campaigns) ScheduleNextLead(campaign.Id, campaign.PerWeek, cancel);
        world.Schedule(start.AddDays(1), () => EndDay(cancel));
        Grow(start, cancel);
    }

    // What breaks next, in order: onboarding first, then sales, then the founder.
    private void Grow(DateTimeOffset start, CancellationToken cancel)
    {
        world.Schedule(start.AddDays(3), () => Faster(TimeSpan.FromHours(12)));
        world.Schedule(start.AddDays(8), () => Do(server.AddPersonAsync("cleo", "Cleo", "sales", 20, 8, cancel)));
        world.Schedule(start.AddDays(9), () => Do(server.AddPersonAsync("dov", "Dov", "sales", 20, 8, cancel)));
        world.Schedule(start.AddDays(16), () => Do(server.AddPersonAsync("partner", "The partner", "founder", 24, 8, cancel)));
        world.Schedule(start.AddDays(22), () => Faster(TimeSpan.FromHours(5)));

        void Faster(TimeSpan every)
        {
            slotEvery = every;
            slotsUntil = world.Now;
            Do(PlanSlotsAsync(world.Now + TimeSpan.FromDays(60), cancel));
        }
    }

    private async Task PlanSlotsAsync(DateTimeOffset until, CancellationToken cancel)
    {
        while (slotsUntil < until)
        {
            slotsUntil += slotEvery;
            // A faster plan runs beside what was planned before: whatever overlaps is refused and left out.
            await server.AddSlotAsync($"slot-{++slots:D4}", "onboarding", slotsUntil, slotsUntil + TimeSpan.FromHours(3), cancel).ConfigureAwait(false);
        }
    }

    private void ScheduleNextLead(string campaign, double perWeek, CancellationToken cancel)
    {
        var gap = seeds[$"arrivals/{campaign}"].Gap(TimeSpan.FromDays(7 / perWeek));
        world.Schedule(world.Now + gap, () =>
        {
            if (seeds[$"click/{campaign}"].NextUnit() < (double)multipliers[campaign])
            {
                sentToday[campaign] = sentToday.GetValueOrDefault(campaign) + 1;
                Do(server.CaptureAsync(campaign, ++leads, world.Now, cancel));
            }
            ScheduleNextLead(campaign, perWeek, cancel);
        });
    }

    private void EndDay(CancellationToken cancel)
    {
        var day = DateOnly.FromDateTime(world.Now.AddMinutes(-1).UtcDateTime);
        foreach (var campaign in Campaigns)
        {
            Do(server.ReportCostAsync(campaign.Id, day, new Money(sentToday.GetValueOrDefault(campaign.Id) * campaign.CostPerLead, "EUR"), cancel));
        }
        sentToday.Clear();
        if (slotsUntil < world.Now.AddDays(45)) Do(PlanSlotsAsync(world.Now.AddDays(60), cancel));
        world.Schedule(world.Now.AddDays(1), () => EndDay(cancel));
    }

    private void HearSignals(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.State is CampaignState campaign && multipliers.ContainsKey(turn.Entity.Key)) multipliers[turn.Entity.Key] = campaign.Signal.Multiplier;
        }
    }

    private StageOutcome Passes(string lead, string stage) =>
        seeds.Fresh($"fate/{lead}/{stage}").Chance(stage switch { "discovery" => 0.4, "review" => 0.5, _ => 1 }) ? StageOutcome.Passed : StageOutcome.Lost;

    private static void Do(Task task) => task.ContinueWith(t => _ = t.Exception, TaskContinuationOptions.OnlyOnFaulted);
}
