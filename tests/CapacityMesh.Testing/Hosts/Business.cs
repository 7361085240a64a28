using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

/// <summary>A small business to ask things of: one pool of people, one stage.</summary>
public static class Business
{
    public const string Workspace = "acme";
    public static readonly EntityId Flow = EntityId.Flow(Workspace);
    public static readonly EntityId Sales = new(Workspace, EntityKind.Pool, "sales");

    public static EntityId Lead(string id) => new(Workspace, EntityKind.Lead, id);

    public static EntityId Contact(string id) => new(Workspace, EntityKind.Contact, id);

    public static EntityId Person(string id) => new(Workspace, EntityKind.Salesperson, id);

    public static EntityId Campaign(string id) => new(Workspace, EntityKind.Campaign, id);

    public static Process Process(int waitlist = 200) => new(
        0, [new PoolDefinition("sales", PoolKind.People)],
        [new Stage("discovery", "sales", 1, 0.5m, TimeSpan.FromDays(2), TimeSpan.FromHours(1), Wins: true)],
        0.1m, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromDays(14), TimeSpan.FromHours(1), new WaitlistRules(waitlist, TimeSpan.FromDays(14)));

    public static MeshRequest Define(int waitlist = 200) => new(Flow, new FlowCommand.DefineProcess(Process(waitlist)));

    public static MeshRequest Hire(string person, int concurrent = 5, decimal weekly = 1_000) =>
        new(Person(person), new SalespersonCommand.Configure(new SalespersonProfile(["sales"], weekly, concurrent, [], null, [], [])));

    public static MeshRequest Advertise(string campaign) => new(
        Campaign(campaign),
        new CampaignCommand.Configure(CampaignProfile.Default with { Channel = "google" }));

    /// <summary>A new person's first lead; its contact is <c>c-</c> and the lead's id.</summary>
    public static MeshRequest Capture(string lead, DateTimeOffset now, string? contact = null) => new(
        Contact(contact ?? "c-" + lead),
        new ContactCommand.Capture(new Submission(lead, contact ?? "c-" + lead, "spring", now, []))) { TargetIsNew = contact is null };

    /// <summary>A process, one person, one campaign; returns when the gate knows of the person, who on several machines is reported some messages later.</summary>
    public static async Task OpenAsync(IMesh mesh, int concurrent = 5)
    {
        await mesh.AnswerAsync(Define());
        await mesh.AnswerAsync(Advertise("spring"));
        await mesh.AnswerAsync(Hire("ann", concurrent));
        await EventuallyAsync("the gate knows of the person", async () => (await mesh.StateAsync<FlowState>(Flow)).Admissible > 0);
    }

    /// <summary>Asks, and requires an answer that is no rejection.</summary>
    public static async Task<Answer> AnswerAsync(this IMesh mesh, MeshRequest request)
    {
        var answered = Assert.IsType<AskResult.Answered>(await mesh.AskAsync(request, default));
        Assert.False(answered.Answer is Answer.Rejected, answered.Answer.ToString());
        return answered.Answer;
    }

    /// <summary>Asks until the store answers, as a caller with an idempotency key does.</summary>
    public static async Task<Answer> InsistAsync(this IMesh mesh, MeshRequest request, string key)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await mesh.AnswerAsync(request with { IdempotencyKey = key, BodyHash = key });
            }
            catch (JournalUnavailableException) when (attempt < 50)
            {
                await Task.Yield();
            }
        }
    }

    public static async Task<TState> StateAsync<TState>(this IMesh mesh, EntityId id)
        where TState : class => (await mesh.ReadAsync<TState>(id, default))?.State ?? throw new InvalidOperationException($"{id} never had a turn");

    /// <summary>Waits until something holds; the reads of the condition wake the host.</summary>
    public static async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(15), $"never: {what}");
            await Task.Delay(2);
        }
    }

    public static async Task<IReadOnlyList<LeadRow>> LeadsAsync(this IJournal journal) =>
        await journal.LeadsAsync(new LeadQuery(Workspace, Limit: 500), default);

    /// <summary>Counts that three entities keep of the same leads, each by its own turns.</summary>
    public static async Task AssertCountedOnceAsync(IMesh mesh, int leads)
    {
        await EventuallyAsync($"{leads} leads are in the index", async () => (await mesh.Journal.LeadsAsync()).Count == leads);
        await EventuallyAsync("nothing is owed any more", async () => (await mesh.Journal.OutboxAsync(0, 10, default)).Count == 0);
        var flow = await mesh.StateAsync<FlowState>(Flow);
        Assert.Equal(leads, flow.Totals.Captured);
        Assert.Equal(leads, flow.Totals.Admitted + flow.Waitlist.Count);
        var pool = await mesh.StateAsync<PoolState>(Sales);
        Assert.Equal(flow.Totals.Admitted, pool.ArrivedFromGate);
        Assert.Equal(flow.Totals.Admitted, pool.Waiting.Count + pool.Placed.Count + pool.Working.Count);
        var person = await mesh.StateAsync<SalespersonState>(Person("ann"));
        Assert.Equal(pool.Placed.Count + pool.Working.Count, person.Work.Length);
        var campaign = await mesh.StateAsync<CampaignState>(Campaign("spring"));
        Assert.Equal(leads, campaign.CountOf(Outcome.Captured));
        Assert.Empty(await mesh.Journal.ParkedAsync(10, default));
        foreach (var row in await mesh.Journal.LeadsAsync())
        {
            var contact = await mesh.StateAsync<ContactState>(Contact(row.Contact));
            Assert.Equal((1, row.LeadId), (contact.Leads, contact.OpenLead));
        }
    }

    public static ImmutableArray<string> Ids(string prefix, int count) => [.. Enumerable.Range(1, count).Select(i => $"{prefix}{i:000}")];
}
