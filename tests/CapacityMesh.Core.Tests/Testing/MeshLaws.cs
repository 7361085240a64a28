using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>What holds over all machines together: at any moment, and once nothing is on its way.</summary>
internal static class MeshLaws
{
    /// <summary>At any moment: nobody holds more than they can.</summary>
    public static void CheckCapacity(Network net)
    {
        foreach (var (key, person) in net.All<SalespersonState>(EntityKind.Salesperson))
        {
            Say(net, person.Work.Length <= person.Profile.Concurrent, $"{key} holds {person.Work.Length} of {person.Profile.Concurrent} leads");
            var used = SalespersonCapacity.Used(person, net.Now);
            Say(net, used <= person.Profile.WeeklyCapacity, $"{key} spent {used} of {person.Profile.WeeklyCapacity} units in seven days");
            Say(net, person.Work.Select(w => w.LeadId).Distinct().Count() == person.Work.Length, $"{key} holds a lead twice");
        }
        foreach (var (_, pool) in net.All<PoolState>(EntityKind.Pool)) CheckCounts(net, pool);
    }

    /// <summary>When nothing is on its way: every lead is in exactly one place, and every count equals a recount.</summary>
    public static void CheckQuiet(Network net)
    {
        CheckCapacity(net);
        var flow = net.Get<FlowState>(EntityKind.Flow, "flow");
        var pools = net.All<PoolState>(EntityKind.Pool).ToArray();
        foreach (var (id, lead) in net.All<LeadState>(EntityKind.Lead)) CheckLead(net, id, lead, flow, pools);
        CheckHolders(net);
        CheckFlow(net, flow, pools);
        foreach (var (key, contact) in net.All<ContactState>(EntityKind.Contact))
        {
            var open = contact.OpenLead is { } id && !net.Get<LeadState>(EntityKind.Lead, id).IsClosed;
            Say(net, open == contact.Phase is ContactPhase.Engaged, $"contact {key} is {contact.Phase} with lead {contact.OpenLead}");
        }
    }

    private static void CheckLead(Network net, string id, LeadState lead, FlowState flow, (string Key, PoolState State)[] pools)
    {
        var story = $"lead {id} is {lead.Phase} at {lead.Stage} with {lead.Person}{lead.Slot}";
        Say(net, lead.Phase is not LeadPhase.Captured || lead.Contact.Length == 0, $"{story}: the gate never spoke");
        Say(net, flow.Waitlist.PositionOf(id) > 0 == lead.Phase is LeadPhase.Waitlisted, $"{story}; waitlist place {flow.Waitlist.PositionOf(id)}");
        foreach (var (key, pool) in pools)
        {
            var here = lead.Pool == key;
            Say(net, pool.Waiting.Find(id) is not null == (here && lead.Phase is LeadPhase.Queued), $"{story}; pool {key} {(here ? "has it not waiting" : "has it waiting")}");
            // Whom the pool has asked last may be older news than whom the lead is with, where messages overtook each other: it is placed all the same.
            Say(net, pool.Placed.ContainsKey(id) == (here && lead.Phase is (LeadPhase.Offered or LeadPhase.Held)), $"{story}; pool {key} placed it with {pool.Placed.GetValueOrDefault(id)?.Holder}");
            var worker = here && lead.Phase is (LeadPhase.Working or LeadPhase.Booked or LeadPhase.Started) ? lead.Person ?? lead.Slot : null;
            Say(net, pool.Working.GetValueOrDefault(id)?.Holder == worker, $"{story}; pool {key} has it worked by {pool.Working.GetValueOrDefault(id)?.Holder}");
        }
        var timed = lead.Phase switch
        {
            LeadPhase.Waitlisted or LeadPhase.Offered or LeadPhase.Working or LeadPhase.Started => net.HasTimer(EntityKind.Lead, id, LeadTimers.Until),
            LeadPhase.Queued => lead.PromiseBroken || net.HasTimer(EntityKind.Lead, id, LeadTimers.Promise),
            LeadPhase.Held => net.HasTimer(EntityKind.DeliverySlot, lead.Slot!, SlotTimers.Hold),
            LeadPhase.Booked => net.HasTimer(EntityKind.DeliverySlot, lead.Slot!, SlotTimers.End),
            _ => true,
        };
        Say(net, timed, $"{story} without a live timer");
    }

    private static void CheckHolders(Network net)
    {
        foreach (var (key, person) in net.All<SalespersonState>(EntityKind.Salesperson))
        {
            var theirs = net.All<LeadState>(EntityKind.Lead).Where(l => l.State.Person == key).ToArray();
            Say(net, person.Work.Select(w => w.LeadId).Order(StringComparer.Ordinal).SequenceEqual(theirs.Select(l => l.Key).Order(StringComparer.Ordinal)),
                $"{key} holds [{string.Join(' ', person.Work.Select(w => w.LeadId))}], leads say [{string.Join(' ', theirs.Select(l => l.Key))}]");
            foreach (var (id, lead) in theirs)
            {
                Say(net, person.Find(id) is { } held && held.Open == lead.Phase is LeadPhase.Working && held.Stage == lead.Stage, $"{key} holds {id} otherwise than the lead says ({lead.Phase} at {lead.Stage})");
            }
        }
        foreach (var (key, slot) in net.All<SlotState>(EntityKind.DeliverySlot))
        {
            var theirs = net.All<LeadState>(EntityKind.Lead).Where(l => l.State.Slot == key).Select(l => l.Key).ToArray();
            var held = slot.Phase is SlotPhase.Held or SlotPhase.Booked or SlotPhase.Started;
            Say(net, held ? theirs is [var only] && only == slot.LeadId : theirs.Length == 0, $"slot {key} is {slot.Phase} for {slot.LeadId}; leads that say they have it: [{string.Join(' ', theirs)}]");
        }
    }

    private static void CheckFlow(Network net, FlowState flow, (string Key, PoolState State)[] pools)
    {
        foreach (var (key, pool) in pools)
        {
            var told = flow.Pools.GetValueOrDefault(key);
            Say(net, told is null || told.Stages.SequenceEqual(pool.Stages.Values), $"Flow's counts of {key} are stale");
            Say(net, flow.SentTo.GetValueOrDefault(key) == pool.ArrivedFromGate, $"Flow sent {flow.SentTo.GetValueOrDefault(key)} leads to {key}, {pool.ArrivedFromGate} arrived");
            Say(net, Matching.Next(pool, net.Now) is not { } match, $"{key} could hand out a lead and does not");
            foreach (var (person, report) in pool.Members)
            {
                var truth = SalespersonCapacity.ReportOf(net.Get<SalespersonState>(EntityKind.Salesperson, person), net.Now);
                Say(net, report.Free == truth.Free && report.Takes == truth.Takes, $"{key} believes {person} has {report.Free} places, takes {report.Takes}; truth {truth.Free}, {truth.Takes}");
            }
            foreach (var (slot, report) in pool.Slots)
            {
                var truth = net.Get<SlotState>(EntityKind.DeliverySlot, slot);
                Say(net, report == new SlotReport(truth.Phase, truth.StartsAt, truth.EndsAt) && truth.Pool == key, $"{key} believes slot {slot} is {report.Phase} from {report.StartsAt}; truth {truth.Phase} from {truth.StartsAt} in {truth.Pool}");
            }
        }
        var admitted = net.All<LeadState>(EntityKind.Lead).Count(l => l.State.StageIndex >= 0);
        Say(net, flow.Totals.Admitted == admitted, $"Flow counts {flow.Totals.Admitted} admitted leads, a recount {admitted}");
        Say(net, flow.Waitlist.ByAge.Count == flow.Waitlist.Count && flow.Waitlist.ByValue.Count == flow.Waitlist.Count, "the waitlist's orders differ");
    }

    private static void CheckCounts(Network net, PoolState pool)
    {
        foreach (var (stage, counts) in pool.Stages)
        {
            var recount = (pool.Waiting.ById.Values.Count(w => w.Lead.Stage == stage), pool.Placed.Values.Count(p => p.Lead.Stage == stage), pool.Working.Values.Count(p => p.Lead.Stage == stage));
            Say(net, recount == (counts.Queued, counts.Placed, counts.Working), $"stage {stage} counts {counts}, a recount gives {recount}");
        }
        Say(net, pool.Waiting.Lines.Values.Sum(l => l.Count) == pool.Waiting.Count, "the lines and the index of a pool differ");
    }

    private static void Say(Network net, bool holds, string what) => Assert.True(holds, $"{what}\nNewest turns:\n{string.Join('\n', net.Trail)}");
}
