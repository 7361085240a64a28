using CapacityMesh.Web.Webhooks;

namespace CapacityMesh.Web.Tests;

// Goal: deliveries that are over are kept as long as somebody needs them, and no longer. Method: ids of known instants, and a clock that the test reads out.
public sealed class FinishedLettersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Beyond_what_people_look_through_only_the_recent_ones_stay()
    {
        var letters = new FinishedLetters(kept: 3, TimeSpan.FromMinutes(2));
        // All of one moment: none is forgotten, however many they are.
        for (var i = 0; i < 10; i++) Assert.Empty(letters.Note(IdOf(Noon, i), Noon));
        // Later, two go for each that comes, the oldest first, until so many are left as are kept.
        var later = Noon.AddMinutes(3);
        var forgotten = Enumerable.Range(10, 6).Select(i => letters.Note(IdOf(later, i), later)).ToArray();
        Assert.Equal([2, 2, 2, 2, 2, 0], forgotten.Select(f => f.Count));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => IdOf(Noon, i)), forgotten.SelectMany(f => f));
    }

    [Fact]
    public void Without_a_span_only_the_newest_stay()
    {
        var letters = new FinishedLetters(kept: 2, TimeSpan.Zero);
        letters.Keep(IdOf(Noon, 0));
        Assert.Empty(letters.Note(IdOf(Noon, 1), Noon.AddSeconds(1)));
        Assert.Equal([IdOf(Noon, 0)], letters.Note(IdOf(Noon, 2), Noon.AddSeconds(1)));
        letters.Forget(IdOf(Noon, 2));
        Assert.Empty(letters.Note(IdOf(Noon, 3), Noon.AddSeconds(1)));
    }

    private static string IdOf(DateTimeOffset at, int number) => $"{WebhookWords.DeliveryIdsSince(at)}-{number:x10}";
}
