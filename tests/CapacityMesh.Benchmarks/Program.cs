using CapacityMesh.Benchmarks;

// Figures of this machine, and the ratios that are promised; run in Release:
//   dotnet run -c Release --project tests/CapacityMesh.Benchmarks -- turns|intake|boards|actuate
switch (args)
{
    case ["turns"]:
        TurnsBenchmark.Run();
        return 0;
    case ["intake"]:
        await IntakeBenchmark.RunAsync();
        return 0;
    case ["boards"]:
        return await BoardsBenchmark.RunAsync();
    case ["actuate"]:
        return await ActuateBenchmark.RunAsync();
    default:
        await Console.Error.WriteLineAsync("Say turns, intake, boards or actuate.");
        return 2;
}
