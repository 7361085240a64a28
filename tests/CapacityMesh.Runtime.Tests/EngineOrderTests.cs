using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using CapacityMesh.Testing;

namespace CapacityMesh.Runtime.Tests;

// Goal: what one entity tells another arrives in order, also when the other has to be loaded first or a report is under way. Method: the engine alone;
// each test is a history that the law checker found.
public sealed class EngineOrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static MeshEngine Engine()
    {
        MeshEngine engine = null!;
        engine = new MeshEngine(new PublishedWorld(_ => null), () => Noon) { LoadNeeded = id => engine.Loaded(id, null) };
        return engine;
    }

    private static void Ask(MeshEngine engine, MeshRequest request) => engine.Run(new Envelope(request.Target, request.Command, new Cause.Request(request), new Ask("ask")));

    [Fact]
    public void What_waited_for_its_target_to_load_is_not_overtaken_by_what_was_sent_later()
    {
        var engine = Engine();
        Ask(engine, Business.Define());
        Ask(engine, Business.Hire("ann"));
        Ask(engine, Business.Capture("l1", Noon));

        // The lead tells its campaign that it was captured, then that it was admitted; nobody had asked the campaign before.
        var told = engine.Open.Turns.Where(t => t.Entity.Id.Kind is EntityKind.Campaign).Select(t => ((Cause.Effect)t.Envelope.Cause).Id.Ordinal).ToArray();
        Assert.True(told.Length > 1);
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public void Whoever_leaves_a_pool_is_not_brought_back_by_an_older_report()
    {
        var engine = Engine();
        Ask(engine, Business.Define());
        Ask(engine, Business.Hire("ann"));
        // The report of the first profile has not been delivered when the second one leaves the pool.
        Ask(engine, new MeshRequest(Business.Person("ann"), new SalespersonCommand.Configure(new SalespersonProfile(["founder"], 10, 5, [], null, [], []))));
        engine.Settle();

        Assert.DoesNotContain("ann", ((PoolState)engine.Find(Business.Sales)!.State).Members.Keys);
    }

    [Fact]
    public void What_follows_from_the_first_effect_that_waited_does_not_overtake_the_others()
    {
        var engine = Engine();
        EffectId Owed(long version) => new(Business.Lead("l1"), version, 0);
        void Resume(long version) => engine.Resume(Owed(version), new Envelope(Business.Person("ann"), new SalespersonCommand.Remove(), new Cause.Effect(Owed(version))), isReport: false);
        Resume(1);
        Assert.Equal(0, engine.TurnsTaken);
        Resume(2);
        engine.Continue();

        Assert.Equal(2, engine.TurnsTaken);
    }

    [Fact]
    public void A_process_whose_publication_was_dropped_is_forgotten()
    {
        MeshEngine engine = null!;
        var world = new PublishedWorld(_ => null);
        engine = new MeshEngine(world, () => Noon) { LoadNeeded = id => engine.Loaded(id, null) };
        Ask(engine, Business.Define(waitlist: 1));
        engine.Drop([]);
        Ask(engine, Business.Define(waitlist: 2));

        Assert.Equal(2, world.Process(Business.Workspace, 1).Waitlist.Limit);
    }

    [Fact]
    public void A_turn_that_changes_nothing_says_which_version_it_looked_at()
    {
        var engine = Engine();
        Ask(engine, Business.Hire("ann"));
        engine.Seal();
        Ask(engine, new MeshRequest(Business.Person("ann"), new SalespersonCommand.SetStatus(PresenceStatus.Available)));

        Assert.Equal([new EntityVersion(Business.Person("ann"), 1)], engine.Seal().Encode().Unchanged);
    }
}
