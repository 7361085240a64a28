using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using CapacityMesh.Testing;

namespace CapacityMesh.Runtime.Tests;

// Goal: an entity's time never goes backwards, whichever host's clock decides its next turn; a clock that was plainly wrong is not followed for ever.
// Method: the shared turn, taken twice with two clocks.
public sealed class EntityTimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(-2, 0)]
    [InlineData(-60, 0)]
    [InlineData(-61, -61)]
    public void The_next_turn_is_not_before_the_last_one_unless_that_was_more_than_an_hour_ahead(int minutes, int expected)
    {
        var ann = LiveEntity.New(Business.Person("ann"));
        Take(ann, Business.Hire("ann").Command, Noon);
        Assert.Equal(Noon, ann.At);

        var turn = Take(ann, new SalespersonCommand.SetStatus(PresenceStatus.Away), Noon.AddMinutes(minutes));
        Assert.True(turn.Advanced);
        Assert.Equal((Noon.AddMinutes(expected), turn.At), (turn.At, ann.At));
    }

    [Fact]
    public void A_turn_that_changes_nothing_moves_no_time_since_nothing_is_stored_of_it()
    {
        var ann = LiveEntity.New(Business.Person("ann"));
        Take(ann, Business.Hire("ann").Command, Noon);
        Assert.False(Take(ann, new SalespersonCommand.SetStatus(PresenceStatus.Available), Noon.AddMinutes(30)).Advanced);
        Assert.Equal(Noon, ann.At);
    }

    private static TurnRecord Take(LiveEntity entity, ICommand command, DateTimeOffset now) =>
        TheTurn.Take(entity, new Envelope(entity.Id, command, null!), now, new PublishedWorld(_ => null));
}
