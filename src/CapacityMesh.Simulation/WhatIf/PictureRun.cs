using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>
/// One future of a picture: the real machines go on from its states, with arrivals, pass rates and people drawn from one seed. The same lead of the same
/// seed meets the same fate in every picture, so that two pictures differ by what was changed and not by luck.
/// </summary>
public sealed class PictureRun : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan WorkLeast = TimeSpan.FromMinutes(5);

    private readonly Picture picture;
    private readonly SeedStreams seeds;
    private readonly VirtualHost host;
    private readonly RunTally tally;
    private readonly Workforce workforce;
    private readonly Deliveries deliveries;
    private readonly Dictionary<string, double> rates = [];
    private readonly Dictionary<string, int> numbers = [];

    /// <summary>Sets the stage.</summary>
    /// <param name="picture">Where it begins; consistent, see <see cref="LeadPlaces.Rebuild"/>.</param>
    /// <param name="weeks">How far it goes.</param>
    /// <param name="seed">Everything that is chance.</param>
    public PictureRun(Picture picture, int weeks, ulong seed)
    {
        this.picture = picture;
        seeds = new SeedStreams(seed);
        host = new VirtualHost(picture.At, keepsJournal: false) { FlowTickLeast = LookEvery };
        tally = new RunTally(picture, host, weeks);
        workforce = new Workforce(host, seeds, HabitsOf(picture), FateOf);
        deliveries = new Deliveries(host);
        foreach (var (stage, rate) in picture.Rates) rates[stage] = Draws.PassRate(rate, seeds.Fresh($"rate/{stage}"));
        Planting.Plant(picture, host);
        host.Follow(workforce.Hear);
        host.Follow(deliveries.Hear);
        host.Follow(tally.Hear);
        foreach (var (id, lead) in picture.Leads) Resume(new EntityId(host.Workspace, EntityKind.Lead, id), lead);
        foreach (var (campaign, rate) in picture.Arrivals)
        {
            var perWeek = Draws.PerWeek(rate, seeds.Fresh($"demand/{campaign}"));
            if (perWeek > 0) ScheduleNextLead(campaign, TimeSpan.FromDays(7 / perWeek));
        }
    }

    /// <summary>Turns taken so far.</summary>
    public long TurnsTaken => host.TurnsTaken;

    /// <summary>Runs to the end; null when cancelled before.</summary>
    public RunOutcome? Run(CancellationToken cancel)
    {
        foreach (var end in tally.WeekEnds)
        {
            host.RunUntil(end, cancel);
            if (cancel.IsCancellationRequested) return null;
            tally.CloseWeek();
        }
        return tally.Close();
    }

    private void ScheduleNextLead(string campaign, TimeSpan mean)
    {
        var gap = seeds[$"arrivals/{campaign}"].Gap(mean);
        host.Schedule(host.Now + gap, () =>
        {
            Arrive(campaign);
            ScheduleNextLead(campaign, mean);
        });
    }

    // Whether the campaign brings this lead depends on its signal; nobody can pause what no campaign brings.
    private void Arrive(string campaign)
    {
        var number = numbers[campaign] = numbers.GetValueOrDefault(campaign) + 1;
        var id = $"{campaign}~{number}";
        var share = host.Find<CampaignState>(new EntityId(host.Workspace, EntityKind.Campaign, campaign)) is { IsConfigured: true } state ? (double)state.Signal.Multiplier : 1;
        if (seeds.Fresh($"click/{id}").NextUnit() >= share) return;
        tally.Captured(campaign);
        var contact = new EntityId(host.Workspace, EntityKind.Contact, $"of~{id}");
        host.Tell(contact, new ContactCommand.Capture(new Submission(id, contact.Key, campaign, host.Now, [])));
    }

    // What was under way when the picture was taken goes on: people answer, work ends, booked slots begin.
    private void Resume(EntityId id, LeadState lead)
    {
        LeadEvent? last = lead.Phase switch
        {
            LeadPhase.Offered => new LeadEvent.Offered(lead.Person!, lead.Until!.Value, lead.Because!),
            LeadPhase.Working => new LeadEvent.Accepted(lead.Person!, lead.Until!.Value, lead.ContactDue, Assigned: false),
            LeadPhase.Held => new LeadEvent.SlotHeld(lead.Slot!, picture.Slots[lead.Slot!].StartsAt, lead.Until!.Value),
            LeadPhase.Booked => new LeadEvent.SlotBooked(lead.Slot!, picture.Slots[lead.Slot!].StartsAt, picture.Slots[lead.Slot!].EndsAt),
            _ => null,
        };
        if (lead.Phase is LeadPhase.Started) host.Schedule(picture.Slots[lead.Slot!].EndsAt, () => host.Tell(id, new LeadCommand.Complete(Person: null, StageOutcome.Passed, Why: null, Value: null)));
        if (last is null) return;
        CommittedTurn[] turn = [new CommittedTurn(id, 1, host.Now, [last], lead)];
        workforce.Hear(turn);
        deliveries.Hear(turn);
    }

    private (StageOutcome Outcome, TimeSpan? Work) FateOf(string leadId, string stage)
    {
        var passes = seeds.Fresh($"fate/{leadId}/{stage}").Chance(rates.GetValueOrDefault(stage, 1));
        var work = picture.Rates.GetValueOrDefault(stage).Work is { } mean ? mean * (0.5 + seeds.Fresh($"span/{leadId}/{stage}").NextUnit()) : (TimeSpan?)null;
        if (work is { } span && host.Now == picture.At && picture.Leads.GetValueOrDefault(leadId) is { AcceptedAt: { } since })
        {
            var left = span - (picture.At - since);
            work = left > WorkLeast ? left : WorkLeast;
        }
        return (passes ? StageOutcome.Passed : StageOutcome.Lost, work);
    }

    // Diligent people, but never slower than what they agreed to: a business whose people miss every offer has another problem than capacity.
    private static Habits HabitsOf(Picture picture)
    {
        var diligent = Habits.Diligent;
        var offer = picture.Process.OfferTimeout / 2;
        var contact = picture.Process.Stages.Min(s => s.FirstResponse ?? TimeSpan.MaxValue);
        return diligent with
        {
            AnswerLeast = Least(diligent.AnswerLeast, offer), AnswerMost = Least(diligent.AnswerMost, offer),
            ContactMost = contact == TimeSpan.MaxValue ? diligent.ContactMost : Least(diligent.ContactMost, contact * 0.9),
        };
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => host.DisposeAsync();
}
