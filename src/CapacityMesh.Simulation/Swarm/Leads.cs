using System.Globalization;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>The way in, as the web does it: the contact behind an identity, or a new one that claims it, with personal data in the same transaction.</summary>
internal sealed class Leads(Timeline time, MemoryJournal journal, Front front, Town town, SwarmPlan plan, SimRandom chance)
{
    private static readonly byte[] Personal = "{}"u8.ToArray();

    private int people;
    private int leads;
    private int contacts;

    /// <summary>Leads sent in so far, acknowledged or not.</summary>
    public int Count => leads;

    /// <summary>A lead now, and the next one later, until the instant.</summary>
    public void Come(DateTimeOffset until)
    {
        if (time.Now >= until) return;
        Capture();
        // Now and then a crowd at once.
        for (var more = chance.Chance(0.05) ? chance.Below(8) : 0; more > 0; more--) Capture();
        time.After(chance.Gap(plan.LeadEvery), () => Come(until));
    }

    /// <summary>The person behind a number asks for something.</summary>
    private void Capture()
    {
        var person = people > 0 && chance.Chance(plan.Repeats) ? chance.Below(people) : people++;
        var campaign = chance.Below(5) switch { 0 => "nobody", < 3 => "search", _ => "social" };
        var (skills, value) = (town.SkillsOf(chance), chance.Chance(0.3) ? new Money(100 + chance.Below(900), "EUR") : null);
        front.Ask(() =>
        {
            // Named by the attempt, not by the request: a repeat under the same key comes with another name.
            var lead = string.Create(CultureInfo.InvariantCulture, $"lead-{++leads:D4}");
            return Request(person, contact => new ContactCommand.Capture(new Submission(lead, contact, campaign, time.Now, skills, value)), lead);
        });
    }

    /// <summary>Somebody who is known, or not yet, shows interest.</summary>
    public void Signal()
    {
        var person = chance.Chance(0.1) ? people++ : chance.Below(people + 1);
        front.Ask(() => Request(person, _ => new ContactCommand.Signal("visit", 5), lead: null));
    }

    /// <summary>Somebody asks to be forgotten.</summary>
    /// <param name="who">The contact; null for anybody.</param>
    public void Erase(string? who)
    {
        if (people == 0 || (who ?? Find(chance.Below(people))) is not { } contact) return;
        front.Ask(() => new MeshRequest(Town.Id(EntityKind.Contact, contact), new ContactCommand.Erase())
        {
            Rows = [new RowChange(new RowKey(Town.Workspace, RowTables.Vault, contact), null)],
            DropClaimsOf = contact,
        });
    }

    private MeshRequest Request(int person, Func<string, ICommand> command, string? lead)
    {
        var known = Find(person);
        var contact = known ?? $"contact-{++contacts}";
        return new MeshRequest(Town.Id(EntityKind.Contact, contact), command(contact))
        {
            Claims = known is null ? [new IdentityClaim(Town.Workspace, Identity(person), contact)] : [],
            TargetIsNew = known is null,
            AlsoNew = lead is null ? null : Town.Lead(lead),
            Rows = [new RowChange(new RowKey(Town.Workspace, RowTables.Vault, contact, "profile"), Personal)],
        };
    }

    private string? Find(int person) => journal.IdentityAsync(Town.Workspace, Identity(person), default).AsTask().GetAwaiter().GetResult();

    private static string Identity(int person) => $"person-{person}";
}
