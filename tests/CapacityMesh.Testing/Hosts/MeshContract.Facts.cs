using System.Text.Json;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Projections;

namespace CapacityMesh.Testing;

public abstract partial class MeshContract
{
    // What reports are made of equals the leads themselves, after a kill too: it is written with the turns.
    [StoreFact]
    public async Task The_facts_of_every_lead_equal_the_lead()
    {
        await Business.OpenAsync(Mesh);
        await Mesh.AnswerAsync(new(Business.Contact("c-l1"), new ContactCommand.Signal("pageVisit", 5, "spring")) { TargetIsNew = true });
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now, "c-l1"));
        for (var i = 2; i <= 12; i++) await Mesh.AnswerAsync(Business.Capture($"l{i}", Mesh.Now.AddDays(-i)));
        await Business.EventuallyAsync("ann is offered l1", async () => (await Mesh.StateAsync<LeadState>(Business.Lead("l1"))).Phase is LeadPhase.Offered);
        await Mesh.AnswerAsync(new(Business.Lead("l1"), new LeadCommand.Accept("ann")));
        await Mesh.AnswerAsync(new(Business.Lead("l1"), new LeadCommand.Contacted("ann")));
        await Mesh.AnswerAsync(new(Business.Lead("l1"), new LeadCommand.Complete("ann", StageOutcome.Passed, null, new Money(900, "EUR"))));
        await Mesh.AnswerAsync(new(Business.Lead("l2"), new LeadCommand.Retract(LeadReasons.Retracted)));
        await KillAsync();
        await Mesh.AnswerAsync(new(Business.Contact("c-l3"), new ContactCommand.Erase()));
        await Business.EventuallyAsync("l3 is taken back", async () => (await Mesh.StateAsync<LeadState>(Business.Lead("l3"))).IsClosed);
        await Business.EventuallyAsync("nothing is owed any more", async () => (await Mesh.Journal.OutboxAsync(0, 10, default)).Count == 0);
        var rows = await Mesh.Journal.Rows.ListAsync(Business.Workspace, RowTables.LeadFacts, null, null, 100, default);
        Assert.Equal(12, rows.Count);
        foreach (var row in rows)
        {
            var state = await Mesh.StateAsync<LeadState>(Business.Lead(row.Key.Item));
            Assert.Equal(TextOf(LeadFacts.Of(row.Key.Item, state)), TextOf(LeadFacts.Read(row.Value)));
            Assert.Equal(LeadFacts.DayOf(state.OccurredAt), row.Key.Key);
        }
        var first = LeadFacts.Read(rows.Single(r => r.Key.Item == "l1").Value);
        Assert.Equal("spring", Assert.Single(first.Touches!.Value).Campaign);
        Assert.True(first.Served && first.WonAt is not null && first.Visits!.Value.Single().End is VisitEnd.Passed);
    }

    // An offer or a hold that comes and goes is no news: to a report the lead waits.
    private static string TextOf(LeadFact fact) =>
        JsonSerializer.Serialize(fact.Phase is LeadPhase.Offered or LeadPhase.Held ? fact with { Phase = LeadPhase.Queued } : fact, MeshJson.Options);
}
