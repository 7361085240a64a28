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

    private static readonly MemberReport Busy = SalespersonCapacity.ReportOf(SalespersonMachine.Initial, Noon);

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
        void Resume(long version) => engine.Resume(new OwedEffect(Owed(version), new Envelope(Business.Person("ann"), new SalespersonCommand.Remove(), new Cause.Effect(Owed(version))), IsReport: false));
        Resume(1);
        Assert.Equal(0, engine.TurnsTaken);
        Resume(2);
        engine.Continue();

        Assert.Equal(2, engine.TurnsTaken);
    }

    // Seed 103, when two hosts were first allowed to leave effects in the outbox.
    [Fact]
    public void What_another_host_left_in_the_outbox_is_not_overtaken_by_the_next_turn_of_its_source()
    {
        MeshEngine engine = null!;
        engine = new MeshEngine(new PublishedWorld(_ => null), () => Noon) { LoadNeeded = _ => { } };
        var (ann, sales) = (Business.Person("ann"), Business.Sales);
        var left = new EffectId(ann, 1, 0);
        // An operator asks for ann, whom another host moved last: it still owes the pool a word in her name.
        Ask(engine, Business.Hire("ann"));
        engine.Loaded(ann, null, [new OwedEffect(left, new Envelope(sales, new PoolCommand.MemberReported("bob", Busy), new Cause.Effect(left)), IsReport: false)]);
        engine.Loaded(sales, null);
        engine.Settle();

        var told = engine.Open.Turns.Where(t => t.Entity.Id == sales).Select(t => ((Cause.Effect)t.Envelope.Cause).Id).ToArray();
        Assert.True(told.Length > 1);
        Assert.Equal(left, told[0]);
    }

    [Fact]
    public void An_effect_that_is_on_its_way_is_not_taken_twice_when_its_source_is_loaded_and_is_when_it_was_put_aside()
    {
        var engine = Engine();
        var owed = new EffectId(Business.Lead("l1"), 1, 0);
        var effect = new OwedEffect(owed, new Envelope(Business.Person("ann"), new SalespersonCommand.Remove(), new Cause.Effect(owed)), IsReport: false);
        engine.Resume(effect);
        engine.Loaded(Business.Lead("l1"), null, [effect]);
        Assert.Equal(1, engine.TurnsTaken);

        engine.LetGo(owed);
        engine.Resume(effect);
        engine.Continue();
        Assert.Equal(2, engine.TurnsTaken);
    }

    [Fact]
    public void An_effect_may_come_again_once_the_batch_that_took_it_is_durable()
    {
        var engine = Engine();
        var owed = new EffectId(Business.Lead("l1"), 1, 0);
        var effect = new OwedEffect(owed, new Envelope(Business.Person("ann"), new SalespersonCommand.Remove(), new Cause.Effect(owed)), IsReport: false);
        engine.Resume(effect);
        engine.Continue();
        var batch = engine.Seal();
        engine.Resume(effect);
        Assert.False(engine.HasWork);

        engine.Durable(batch, liveMax: 10);
        engine.Resume(effect);
        Assert.True(engine.HasWork);
    }

    [Fact]
    public void A_report_found_in_the_journal_gives_way_to_a_newer_one_only()
    {
        var engine = Engine();
        var sales = Business.Sales;
        OwedEffect Report(long version, string person)
        {
            var id = new EffectId(Business.Person("ann"), version, 0);
            return new OwedEffect(id, new Envelope(sales, new PoolCommand.MemberLeft(person), new Cause.Effect(id)), IsReport: true);
        }
        engine.Resume(Report(2, "newer"));
        engine.Resume(Report(1, "older"));
        engine.Resume(Report(3, "newest"));
        engine.Settle();

        Assert.Equal([new EffectId(Business.Person("ann"), 3, 0)], engine.Seal().Takes);
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
