using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Runtime.Tests;

// Goal: nothing that was added is lost, whoever adds and whenever the taker sleeps. Method: several threads add while one takes.
public sealed class WorkQueueTests
{
    [Fact]
    public async Task All_that_was_added_is_taken_in_the_order_of_who_added_it()
    {
        const int adders = 4, each = 20_000;
        using var queue = new WorkQueue<(int Adder, int Number)>();
        var adding = Task.WhenAll(Enumerable.Range(0, adders).Select(adder => Task.Run(() =>
        {
            for (var number = 1; number <= each; number++) queue.Add((adder, number));
        })));
        var ended = adding.ContinueWith(_ => queue.CompleteAdding(), TaskScheduler.Default);
        var newest = new int[adders];
        foreach (var (adder, number) in queue.All())
        {
            Assert.Equal(newest[adder] + 1, number);
            newest[adder] = number;
        }
        await ended;
        Assert.All(newest, number => Assert.Equal(each, number));
        Assert.True(queue.IsCompleted);
    }

    [Fact]
    public async Task A_taker_that_sleeps_is_woken_by_each_of_many()
    {
        using var queue = new WorkQueue<int>();
        using var taken = new SemaphoreSlim(0);
        var taking = Task.Run(() =>
        {
            foreach (var _ in queue.All()) taken.Release();
        });
        for (var i = 0; i < 5_000; i++)
        {
            queue.Add(i);
            Assert.True(await taken.WaitAsync(TimeSpan.FromSeconds(10)), $"{i} was not taken");
        }
        queue.CompleteAdding();
        await taking;
    }

    [Fact]
    public void Nothing_comes_of_an_empty_queue_but_the_end_of_patience()
    {
        using var queue = new WorkQueue<string>();
        Assert.False(queue.TryTake(out _, TimeSpan.FromMilliseconds(1)));
        queue.Add("a");
        queue.CompleteAdding();
        Assert.Throws<InvalidOperationException>(() => queue.Add("b"));
        Assert.True(queue.TryTake(out var item, TimeSpan.Zero));
        Assert.Equal("a", item);
        Assert.False(queue.TryTake(out _, Timeout.InfiniteTimeSpan));
    }
}
