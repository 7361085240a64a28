using CapacityMesh.Benchmarks;

// Figures of this machine, and the ratios that are promised; run in Release:
//   dotnet run -c Release --project tests/CapacityMesh.Benchmarks -- turns|growth|intake|stores|million|boards|actuate|grains
switch (args)
{
    case ["turns"]:
        TurnsBenchmark.Run();
        return 0;
    case ["growth"]:
        GrowthBenchmark.Run();
        return 0;
    case ["intake"]:
        await IntakeBenchmark.RunAsync();
        return 0;
    case ["stores"]:
        return await StoresBenchmark.RunAsync();
    case ["million", .. var count]:
        await MillionBenchmark.RunAsync(count is [{ } text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
        return 0;
    case ["boards"]:
        return await BoardsBenchmark.RunAsync();
    case ["actuate"]:
        return await ActuateBenchmark.RunAsync();
    case ["grains"]:
        return await GrainsBenchmark.RunAsync();
    default:
        await Console.Error.WriteLineAsync("Say turns, growth, intake, stores, million, boards, actuate or grains.");
        return 2;
}
