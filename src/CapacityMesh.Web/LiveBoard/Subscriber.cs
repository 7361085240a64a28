using System.Threading.Channels;
using CapacityMesh.Web.Json;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>One open board. What does not fit is dropped: the gap in the numbers makes it ask for a new snapshot.</summary>
internal sealed class Subscriber
{
    // Three seconds of a busy board; whoever is further behind is better served by a snapshot.
    private const int DeltasMax = 64;
    private readonly Channel<RawJson> deltas = Channel.CreateBounded<RawJson>(new BoundedChannelOptions(DeltasMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = false });
    private volatile bool isBehind;

    /// <summary>Whether something was dropped since the last snapshot.</summary>
    public bool IsBehind => isBehind;

    /// <summary>What is to be sent, in order.</summary>
    public ChannelReader<RawJson> Deltas => deltas.Reader;

    /// <summary>Adds a delta, unless the subscriber is behind.</summary>
    public void Offer(RawJson delta)
    {
        if (!isBehind && !deltas.Writer.TryWrite(delta)) isBehind = true;
    }

    /// <summary>A snapshot was taken: what waits is older.</summary>
    public void Restart()
    {
        while (deltas.Reader.TryRead(out _)) { }
        isBehind = false;
    }

    /// <summary>Nobody listens any more.</summary>
    public void Close() => deltas.Writer.TryComplete();
}
