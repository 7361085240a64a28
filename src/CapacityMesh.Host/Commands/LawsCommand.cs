using CapacityMesh.Simulation.Swarm;

namespace CapacityMesh.Host.Commands;

/// <summary><c>simulate --laws</c>: businesses at random under faults, each law of the design checked at every step.</summary>
public static class LawsCommand
{
    private const int DefaultSeeds = 100;

    /// <summary>Runs seeds; 3 when a law is broken, 4 when the batch proves too little, 130 when interrupted.</summary>
    public static int Run(ulong seed, int? seeds, bool json)
    {
        var count = seeds ?? DefaultSeeds;
        if (count is < 1 or > LawCheck.SeedsMax) return ServeCommand.Refuse($"--seeds lies between 1 and {LawCheck.SeedsMax}.");
        using var interrupt = new Interrupt();
        var report = LawCheck.Run(seed, count, done => Progress(done, count), interrupt.Token);
        Console.WriteLine(json ? report.ToJson() : report.ToText());
        if (report.Failure is not null) return 3;
        if (interrupt.Token.IsCancellationRequested) return 130;
        return report.Passed ? 0 : 4;
    }

    private static void Progress(int done, int count)
    {
        if (done % 50 == 0) Console.Error.WriteLine($"{done} of {count} seeds");
    }
}
