using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Testing;

namespace CapacityMesh.Runtime.Tests;

// Goal: turns never see time go backwards, and never sleep through a jump forward. Method: a wall clock that the test sets by hand.
public sealed class MeshClockTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void It_goes_with_the_machine()
    {
        var clock = new MeshClock(time);
        var start = clock.Now;
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(start.AddMinutes(3), clock.Now);
    }

    [Fact]
    public void Set_back_it_goes_on_at_its_own_pace_until_the_machine_has_caught_up()
    {
        var clock = new MeshClock(time);
        var start = clock.Now;
        time.SetWall(TimeSpan.FromHours(-1));
        Assert.Equal(start, clock.Now);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(start.AddMinutes(10), clock.Now);
        time.SetWall(TimeSpan.FromHours(2));
        Assert.Equal(start.AddMinutes(70), clock.Now);
    }

    [Fact]
    public void Set_forward_it_follows_at_once()
    {
        var clock = new MeshClock(time);
        var start = clock.Now;
        time.SetWall(TimeSpan.FromDays(2));
        Assert.Equal(start.AddDays(2), clock.Now);
    }

    [Fact]
    public void A_faster_clock_waits_less()
    {
        var clock = new MeshClock(time, speed: 60);
        var start = clock.Now;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(start.AddMinutes(2), clock.Now);
        Assert.Equal(TimeSpan.FromSeconds(10), clock.Until(clock.Now.AddMinutes(10)));
        Assert.Equal(TimeSpan.Zero, clock.Until(start));
    }
}
