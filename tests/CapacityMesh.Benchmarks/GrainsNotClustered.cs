namespace CapacityMesh.Benchmarks;

/// <summary>What stands here when the benchmarks were built without Orleans.</summary>
internal static class GrainsBenchmark
{
    public static async Task<int> RunAsync()
    {
        await Console.Error.WriteLineAsync("Built without Orleans: build with -p:Cluster=true on a package feed that serves it.");
        return 2;
    }
}
