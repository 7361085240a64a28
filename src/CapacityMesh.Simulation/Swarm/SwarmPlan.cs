using System.Globalization;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Faults;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>What people outside may do to the business, beside working.</summary>
public enum Act
{
    /// <summary>A visit or a reply.</summary>
    Signal,
    /// <summary>An operator assigns a lead.</summary>
    Assign,
    /// <summary>An operator assigns against skills, pool, hours and status.</summary>
    Override,
    /// <summary>Somebody gives a lead back.</summary>
    Return,
    /// <summary>A closed lead is reopened.</summary>
    Reopen,
    /// <summary>A lead is taken back.</summary>
    Retract,
    /// <summary>A person asks to be forgotten.</summary>
    Erase,
    /// <summary>Another slot is booked than the one held.</summary>
    BookOther,
    /// <summary>A slot is planned or moved.</summary>
    PlanSlot,
    /// <summary>A slot is withdrawn.</summary>
    WithdrawSlot,
    /// <summary>A person goes away or comes back.</summary>
    Presence,
    /// <summary>A person leaves for good, or joins again.</summary>
    Leave,
    /// <summary>A person's capacity, pools, skills or hours change.</summary>
    ChangePerson,
    /// <summary>A new process is published.</summary>
    ChangeProcess,
    /// <summary>A campaign's mode, dwell or value changes.</summary>
    ChangeCampaign,
    /// <summary>A human's word on a campaign, or its end.</summary>
    HoldCampaign,
    /// <summary>A proposal is approved or refused.</summary>
    DecideProposal,
    /// <summary>Costs and acknowledgements of platforms.</summary>
    Report,
    /// <summary>Somebody does what is not theirs to do.</summary>
    Intrude,
}

/// <summary>
/// What one seed is about. Swarm testing (Groce and others, 2012): each seed draws which features and faults it has and how often, so that rare
/// combinations are common somewhere, which one workload with everything never gives.
/// </summary>
public sealed record SwarmPlan
{
    private const double ActOn = 0.6;

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }
    /// <summary>How long things may go wrong.</summary>
    public required TimeSpan Span { get; init; }
    /// <summary>Mean time between two leads.</summary>
    public required TimeSpan LeadEvery { get; init; }
    /// <summary>Mean time between two acts.</summary>
    public required TimeSpan ActEvery { get; init; }
    /// <summary>Chance that a lead is of a person who asked before.</summary>
    public required double Repeats { get; init; }
    /// <summary>Chance that an offer is not answered.</summary>
    public required double Ignores { get; init; }
    /// <summary>Chance that work, a hold or a booking is left alone.</summary>
    public required double Neglects { get; init; }
    /// <summary>Chance that somebody acts at the very last moment, or just after it.</summary>
    public required double Late { get; init; }
    /// <summary>Weekly capacity of a person: small, it binds.</summary>
    public required decimal Weekly { get; init; }
    /// <summary>Leads at once.</summary>
    public required int Concurrent { get; init; }
    /// <summary>Slots planned at the start.</summary>
    public required int Slots { get; init; }
    /// <summary>Places at the gate.</summary>
    public required int WaitlistLimit { get; init; }
    /// <summary>How a person may let a lead go and be asked again.</summary>
    public required TimeSpan ReofferAfter { get; init; }
    /// <summary>Whether leads ask for skills.</summary>
    public required bool Skills { get; init; }
    /// <summary>Whether people have working hours.</summary>
    public required bool Hours { get; init; }
    /// <summary>What happens, and how often.</summary>
    public required IReadOnlyDictionary<Act, int> Acts { get; init; }
    /// <summary>What goes wrong.</summary>
    public required FaultPlan Faults { get; init; }

    /// <summary>Draws the plan of a seed.</summary>
    public static SwarmPlan Draw(ulong seed)
    {
        var streams = new SeedStreams(seed);
        var chance = streams["plan"];
        return new SwarmPlan
        {
            Seed = seed,
            Span = TimeSpan.FromHours(12 + chance.Below(36)),
            LeadEvery = TimeSpan.FromMinutes(10 + chance.Below(60)),
            ActEvery = TimeSpan.FromMinutes(5 + chance.Below(25)),
            Repeats = chance.NextUnit() * 0.4,
            Ignores = chance.NextUnit() * 0.3,
            Neglects = chance.NextUnit() * 0.3,
            Late = chance.NextUnit() * 0.5,
            Weekly = chance.Chance(0.3) ? 4 + chance.Below(10) : 200,
            Concurrent = 1 + chance.Below(6),
            Slots = 2 + chance.Below(10),
            WaitlistLimit = 1 + chance.Below(15),
            ReofferAfter = TimeSpan.FromMinutes(chance.Below(4) * 20),
            Skills = chance.Chance(0.4),
            Hours = chance.Chance(0.4),
            Acts = Enum.GetValues<Act>().Where(_ => chance.Chance(ActOn)).ToDictionary(a => a, _ => 1 + chance.Below(4)),
            Faults = FaultPlan.Draw(streams["faults"]),
        };
    }

    /// <summary>One line with everything that was drawn.</summary>
    public string Describe()
    {
        var f = Faults;
        return string.Create(CultureInfo.InvariantCulture, $"""
            span {Span.TotalHours:0} h, lead every {LeadEvery.TotalMinutes:0} min, act every {ActEvery.TotalMinutes:0} min, repeats {Repeats:0.00}, ignores {Ignores:0.00}, neglects {Neglects:0.00}, late {Late:0.00}, weekly {Weekly}, concurrent {Concurrent}, slots {Slots}, waitlist {WaitlistLimit}, reoffer {ReofferAfter.TotalMinutes:0} min{(Skills ? ", skills" : "")}{(Hours ? ", hours" : "")}
            acts {string.Join(' ', Acts.Select(a => $"{a.Key}:{a.Value}"))}
            faults: hosts {f.Hosts}, crash {f.Crash:0.0000}, lost answer {f.LostAnswer:0.00}, asked twice {f.AskedTwice:0.00}, effect twice {f.EffectTwice:0.000}, refusal {f.Refusal:0.000}, lost acknowledgement {f.LostAcknowledgement:0.000}, latency {f.LatencyMost.TotalMilliseconds:0} ms, load {f.LoadMost.TotalMilliseconds:0} ms, late effects {f.EffectLate:0.00} up to {f.EffectLateMost.TotalSeconds:0} s, late reports {f.ReportsLate:0.00}, skew {f.SkewMost.TotalSeconds:0} s, jump {f.Jump:0.00}, batch {f.BatchTurnsMax}, in memory {f.LiveMax}
            """);
    }
}
