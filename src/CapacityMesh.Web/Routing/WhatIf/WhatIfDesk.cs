using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.WhatIf;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Routing;

/// <summary>
/// Where questions about futures are computed: one at a time for each workspace, few at a time for all, and never on the threads that serve requests. What
/// does not fit comes back later; nothing queues, since a queue of simulations would be the next bottleneck.
/// </summary>
internal sealed class WhatIfDesk(IMesh mesh, WebOptions options) : IMetricsSource, IDisposable
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, bool> busy = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(options.WhatIfAtOnce);
    private readonly CancellationTokenSource stop = new();
    private long answered;
    private long refused;
    private int disposed;

    /// <summary>The workspace as it is now, by reading alone.</summary>
    public async Task<Picture> PictureAsync(string workspace, CancellationToken cancel)
    {
        try
        {
            return await PictureTaker.TakeAsync(new MeshStates(mesh), workspace, mesh.Now, cancel)
                ?? throw new ProblemException(Problem.Conflict("noProcess", "No process is published yet: there is nothing to look ahead from."));
        }
        catch (PictureTooLargeException large)
        {
            throw new ProblemException(new Problem(StatusCodes.Status422UnprocessableEntity, "workspaceTooLarge", large.Message));
        }
    }

    /// <summary>Computes something for a workspace on a thread of its own, or refuses at once.</summary>
    /// <param name="workspace">Whose question.</param>
    /// <param name="compute">Works until it is done or told to stop.</param>
    /// <param name="cancel">Nobody waits any more.</param>
    public async Task<T> ComputeAsync<T>(string workspace, Func<CancellationToken, Task<Func<CancellationToken, T>>> compute, CancellationToken cancel)
    {
        if (!busy.TryAdd(workspace, true)) throw Refused("This workspace has a question under way; one at a time.");
        try
        {
            if (!places.Wait(0, CancellationToken.None)) throw Refused("Other questions are under way.");
            try
            {
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel, stop.Token);
                var work = await compute(ends.Token);
                ends.CancelAfter(options.WhatIfMost);
                var result = await Task.Factory.StartNew(() => work(ends.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                Interlocked.Increment(ref answered);
                return result;
            }
            finally
            {
                places.Release();
            }
        }
        finally
        {
            busy.TryRemove(workspace, out _);
        }
    }

    /// <summary>Between two futures, on a machine with one core: as long as the last one took, so that requests have half of it.</summary>
    public static void Rest(TimeSpan worked)
    {
        if (Environment.ProcessorCount == 1) Thread.Sleep(worked);
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() =>
    [
        new("capacitymesh_whatif_answered_total", IsCounter: true, "Questions about futures answered.", Interlocked.Read(ref answered)),
        new("capacitymesh_whatif_refused_total", IsCounter: true, "Questions about futures sent away because others were under way.", Interlocked.Read(ref refused)),
    ];

    private ProblemException Refused(string why)
    {
        Interlocked.Increment(ref refused);
        return new ProblemException(Problem.TooMany($"{why} Come back in a moment.", ComeBack));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A container that knows us under two names disposes us twice.
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        stop.Cancel();
        stop.Dispose();
        places.Dispose();
    }
}
