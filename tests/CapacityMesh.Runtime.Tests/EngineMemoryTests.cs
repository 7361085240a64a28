using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using CapacityMesh.Testing;

namespace CapacityMesh.Runtime.Tests;

// Goal: memory has a size, what is in use stays in it, and nothing leaves before it is durable. Method: the engine alone, leads that come one batch after the other.
public sealed class EngineMemoryTests
{
    private const int Limit = 50;
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly MeshEngine engine;

    public EngineMemoryTests()
    {
        engine = new MeshEngine(new PublishedWorld(_ => null), () => Noon);
        engine.LoadNeeded = id => engine.Loaded(id, null);
        Ask(Business.Define());
        Ask(Business.Advertise("spring"));
    }

    [Fact]
    public void What_is_in_use_stays_and_what_is_not_goes()
    {
        Ask(Business.Capture("used", Noon));
        Durable();
        for (var i = 0; i < 500; i++)
        {
            Ask(Business.Capture($"l{i:000}", Noon));
            Ask(new MeshRequest(Business.Lead("used"), new Core.Execution.LeadCommand.Reopen()));
            Durable();
            Assert.True(engine.LiveCount <= Limit + 4, $"{engine.LiveCount} in memory after {i}");
        }
        Assert.NotNull(engine.Find(Business.Lead("used")));
        Assert.NotNull(engine.Find(Business.Lead("l499")));
        Assert.Null(engine.Find(Business.Lead("l000")));
        // Of these there is one each, and every turn needs them.
        Assert.NotNull(engine.Find(Business.Flow));
        Assert.NotNull(engine.Find(Business.Campaign("spring")));
    }

    [Fact]
    public void What_is_not_durable_stays()
    {
        for (var i = 0; i < 3 * Limit; i++) Ask(Business.Capture($"l{i:000}", Noon));
        engine.Settle();
        var first = engine.Seal();
        Ask(Business.Capture("next", Noon));
        engine.Evict(Limit, durableBatch: first.Number - 1);
        Assert.All(first.Turns, turn => Assert.NotNull(engine.Find(turn.Entity.Id)));

        for (var look = 0; look < 3; look++) engine.Durable(first, Limit);
        Assert.True(engine.LiveCount <= Limit, $"{engine.LiveCount} in memory");
        Assert.NotNull(engine.Find(Business.Lead("next")));
    }

    private void Durable()
    {
        engine.Settle();
        engine.Durable(engine.Seal(), Limit);
    }

    private void Ask(MeshRequest request) => engine.Run(new Envelope(request.Target, request.Command, new Cause.Request(request), new Ask("ask")));
}
