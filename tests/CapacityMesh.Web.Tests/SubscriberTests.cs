using CapacityMesh.Web.Json;
using CapacityMesh.Web.LiveBoard;

namespace CapacityMesh.Web.Tests;

// Goal: a board that is too slow is told so, and nothing is kept for it without bound. Method: more deltas than are kept, and nobody who reads.
public sealed class SubscriberTests
{
    private const int MoreThanKept = 1_000;

    [Fact]
    public void Whoever_falls_behind_gets_the_newest_delta_last_so_that_the_gap_shows()
    {
        var slow = new Subscriber();
        for (var i = 0; i < MoreThanKept; i++) slow.Offer(RawJson.Of(i));
        Assert.True(slow.IsBehind);
        Assert.Null(slow.TakeMissed());
        var kept = 0;
        while (slow.Deltas.TryRead(out var delta)) Assert.True(delta.SameAs(RawJson.Of(kept++)));
        Assert.InRange(kept, 1, MoreThanKept - 1);
        Assert.True(slow.TakeMissed()!.SameAs(RawJson.Of(MoreThanKept - 1)));
        Assert.Null(slow.TakeMissed());
    }

    [Fact]
    public void A_new_snapshot_forgets_what_was_missed()
    {
        var slow = new Subscriber();
        for (var i = 0; i < MoreThanKept; i++) slow.Offer(RawJson.Of(i));
        slow.Restart();
        Assert.False(slow.IsBehind);
        Assert.Null(slow.TakeMissed());
        slow.Offer(RawJson.Of("new"));
        Assert.True(slow.Deltas.TryRead(out var delta) && delta.SameAs(RawJson.Of("new")));
    }
}
