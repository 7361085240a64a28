using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;

namespace CapacityMesh.Runtime.Tests;

// Goal: the book gives every timer once, in order, and only in its last form. Method: small hands of timers, and a comparison with a plain list.
public sealed class TimerBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TimerBook book = new();

    private static StoredTimer Timer(string lead, string name, int minute) => new(Business.Lead(lead), name, Noon.AddMinutes(minute));

    [Fact]
    public void Timers_come_by_due_time_then_by_entity_then_by_name()
    {
        book.Set(Timer("b", "until", 2));
        book.Set(Timer("a", "until", 2));
        book.Set(Timer("a", "promise", 2));
        book.Set(Timer("c", "until", 1));
        Assert.Equal([Timer("c", "until", 1), Timer("a", "promise", 2), Timer("a", "until", 2), Timer("b", "until", 2)], TakeAll(Noon.AddMinutes(5)));
    }

    [Fact]
    public void Nothing_comes_before_its_time()
    {
        book.Set(Timer("a", "until", 2));
        Assert.Empty(TakeAll(Noon.AddMinutes(2).AddTicks(-1)));
        Assert.Equal(Noon.AddMinutes(2), book.NextDue());
        Assert.Single(TakeAll(Noon.AddMinutes(2)));
        Assert.Null(book.NextDue());
    }

    [Fact]
    public void A_timer_set_again_counts_in_its_new_form_only()
    {
        book.Set(Timer("a", "until", 1));
        book.Set(Timer("a", "until", 3));
        Assert.Empty(TakeAll(Noon.AddMinutes(2)));
        book.Set(Timer("a", "until", 2));
        book.Set(Timer("a", "until", 2));
        Assert.Single(TakeAll(Noon.AddMinutes(9)));
    }

    [Fact]
    public void Beyond_the_horizon_nothing_is_kept_and_the_earlier_form_is_forgotten()
    {
        book.Horizon = Noon.AddMinutes(10);
        book.Set(Timer("a", "until", 5));
        book.Set(Timer("a", "until", 11));
        book.Set(Timer("b", "until", 10));
        Assert.Equal([Timer("b", "until", 10)], TakeAll(Noon.AddDays(1)));
        Assert.Equal(0, book.Count);
    }

    [Fact]
    public void It_agrees_with_a_plain_list_whatever_is_set_and_cleared()
    {
        var plain = new Dictionary<TimerId, DateTimeOffset>();
        var random = new Random(7);
        for (var step = 0; step < 5_000; step++)
        {
            var timer = Timer("l" + random.Next(20), random.Next(2) == 0 ? "until" : "promise", random.Next(100));
            var id = new TimerId(timer.Entity, timer.Name);
            switch (random.Next(4))
            {
                case 0:
                    book.Clear(id);
                    plain.Remove(id);
                    break;
                case 1:
                    var now = Noon.AddMinutes(random.Next(100));
                    var due = plain.Where(t => t.Value <= now).OrderBy(t => t.Value).ThenBy(t => t.Key.Entity.ToString(), StringComparer.Ordinal).ThenBy(t => t.Key.Name, StringComparer.Ordinal)
                        .Select(t => new StoredTimer(t.Key.Entity, t.Key.Name, t.Value)).ToArray();
                    Assert.Equal(due, TakeAll(now));
                    foreach (var gone in due) plain.Remove(new TimerId(gone.Entity, gone.Name));
                    break;
                default:
                    book.Set(timer);
                    plain[id] = timer.Due;
                    break;
            }
            Assert.Equal(plain.Count == 0 ? null : plain.Values.Min(), book.NextDue());
        }
    }

    private List<StoredTimer> TakeAll(DateTimeOffset now)
    {
        var taken = new List<StoredTimer>();
        while (book.TryTake(now, out var timer)) taken.Add(timer);
        return taken;
    }
}
