namespace CapacityMesh.Web.Webhooks;

/// <summary>
/// Deliveries of one webhook, in lanes: a lane's next goes only when the one before it is delivered or given up. Bounded: what does not fit stands in
/// the rows and is read from there, so that order holds.
/// </summary>
internal sealed class DeliveryLanes
{
    private const int DeliveriesMax = 10_000;
    private readonly Lock turn = new();
    private readonly Dictionary<string, Queue<DeliveryRecord>> lanes = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> ready = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeliveryRecord> resent = new(StringComparer.Ordinal);
    private bool isMissing = true;
    private bool missedMore;

    /// <summary>Whether rows hold more than stands here, and there is room for them.</summary>
    public bool WantsMore
    {
        get
        {
            lock (turn) return isMissing && known.Count <= DeliveriesMax / 2;
        }
    }

    /// <summary>Begins to read the rows.</summary>
    public void BeginFill()
    {
        lock (turn) missedMore = false;
    }

    /// <summary>All rows were read: from now on what is offered stands here, unless something came meanwhile.</summary>
    public void EndFill()
    {
        lock (turn) isMissing = missedMore;
    }

    /// <summary>A delivery from the rows, in their order; false when there is no room.</summary>
    public bool Fill(DeliveryRecord delivery)
    {
        lock (turn)
        {
            if (known.Count >= DeliveriesMax) return false;
            Add(delivery);
            return true;
        }
    }

    /// <summary>A delivery whose row was just written; <paramref name="again"/> when somebody sends one again that was over.</summary>
    public void Offer(DeliveryRecord delivery, bool again)
    {
        lock (turn)
        {
            // Its end is written, and not yet returned here.
            if (again && known.Contains(delivery.Id)) resent[delivery.Id] = delivery;
            else if (isMissing || known.Count >= DeliveriesMax) isMissing = missedMore = true;
            else Add(delivery);
        }
    }

    /// <summary>The head of a lane that is due; else how long until one is.</summary>
    public DeliveryRecord? TakeDue(DateTimeOffset now, TimeSpan atMost, out TimeSpan pause)
    {
        lock (turn)
        {
            pause = atMost;
            if (!ready.TryPeek(out var lane, out var due)) return null;
            if (due > now)
            {
                if (due - now < pause) pause = due - now + TimeSpan.FromMilliseconds(1);
                return null;
            }
            ready.Dequeue();
            return lanes[lane].Peek();
        }
    }

    /// <summary>The head of its lane was tried: it stays at the head while it is pending.</summary>
    public void Return(DeliveryRecord tried)
    {
        lock (turn)
        {
            var lane = lanes[tried.Lane];
            lane.Dequeue();
            if (tried.State is DeliveryState.Pending)
            {
                DeliveryRecord[] rest = [.. lane];
                lane.Clear();
                lane.Enqueue(tried);
                foreach (var one in rest) lane.Enqueue(one);
            }
            else
            {
                known.Remove(tried.Id);
            }
            if (lane.TryPeek(out var next)) ready.Enqueue(tried.Lane, next.Due);
            else lanes.Remove(tried.Lane);
            if (tried.State is not DeliveryState.Pending && resent.Remove(tried.Id, out var waiting)) Add(waiting);
        }
    }

    private void Add(DeliveryRecord delivery)
    {
        if (!known.Add(delivery.Id)) return;
        if (!lanes.TryGetValue(delivery.Lane, out var lane))
        {
            lanes[delivery.Lane] = lane = new Queue<DeliveryRecord>(1);
            ready.Enqueue(delivery.Lane, delivery.Due);
        }
        lane.Enqueue(delivery);
    }
}
