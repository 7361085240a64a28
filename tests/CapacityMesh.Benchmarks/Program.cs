using CapacityMesh.Benchmarks;

// Figures of this machine, and the ratios that are promised; run in Release:
//   dotnet run -c Release --project tests/CapacityMesh.Benchmarks -- turns|intake
switch (args)
{
    case ["turns"]:
        TurnsBenchmark.Run();
        return 0;
    case ["intake"]:
        await IntakeBenchmark.RunAsync();
        return 0;
    default:
        await Console.Error.WriteLineAsync("Say turns or intake.");
        return 2;
}
