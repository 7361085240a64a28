namespace CapacityMesh.Cluster.Pumps;

/// <summary>Ticks that end when their service does.</summary>
internal static class Ticks
{
    /// <summary>Waits for the next tick; false when told to stop.</summary>
    public static async Task<bool> NextAsync(this PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
