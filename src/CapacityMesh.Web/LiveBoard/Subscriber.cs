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
    private RawJson? missed;

    /// <summary>Whether something was dropped since the last snapshot.</summary>
    public bool IsBehind => isBehind;

    /// <summary>What is to be sent, in order.</summary>
    public ChannelReader<RawJson> Deltas => deltas.Reader;

    /// <summary>Adds a delta, unless the subscriber is behind.</summary>
    public void Offer(RawJson delta)
    {
        if (!isBehind && deltas.Writer.TryWrite(delta)) return;
        Volatile.Write(ref missed, delta);
        isBehind = true;
    }

    /// <summary>
    /// The newest delta that was dropped, once everything before it was sent: its number shows the gap to a reader who would otherwise wait for ever
    /// for the next one. Null when nothing was dropped, or it was told already.
    /// </summary>
    public RawJson? TakeMissed() => isBehind && deltas.Reader.Count == 0 ? Interlocked.Exchange(ref missed, null) : null;

    /// <summary>A snapshot was taken: what waits is older.</summary>
    public void Restart()
    {
        while (deltas.Reader.TryRead(out _)) { }
        Volatile.Write(ref missed, null);
        isBehind = false;
    }

    /// <summary>Nobody listens any more.</summary>
    public void Close() => deltas.Writer.TryComplete();
}
