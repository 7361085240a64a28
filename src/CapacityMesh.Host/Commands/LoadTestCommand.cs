using System.CommandLine;
using System.Globalization;
using CapacityMesh.Host.LoadTesting;

namespace CapacityMesh.Host.Commands;

/// <summary><c>loadtest</c>: leads of made-up people, at a schedule that does not wait for the server.</summary>
internal static class LoadTestCommand
{
    private const int ConnectionsMax = 1_024;
    private const int SecondsMax = 24 * 3_600;
    private const int BoardsMax = 1_000;
    private const double RateMax = 1_000_000;

    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "The server.", Required = true };
        var key = new Option<string>("--key") { Description = "A key with the role capture.", Required = true };
        var rate = new Option<double?>("--rate") { Description = "Leads a second; the schedule is fixed ahead." };
        var max = new Option<bool>("--max") { Description = "As fast as the connections allow." };
        var connections = new Option<int>("--connections") { Description = $"Connections, 1 to {ConnectionsMax}.", DefaultValueFactory = _ => 64 };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var mix = new Option<bool>("--mix") { Description = "People work, scripts poll and boards watch meanwhile; one capture in ten is a repeat. Needs an operator's key." };
        var soak = new Option<bool>("--soak") { Description = "Mixed, and at the end the laws are checked over the API." };
        var boards = new Option<int>("--boards") { Description = $"Boards that watch in a mixed run, 0 to {BoardsMax}.", DefaultValueFactory = _ => 20 };
        var command = new Command("loadtest", "Post leads and measure.") { url, key, rate, max, connections, seconds, json, mix, soak, boards };
        command.SetAction((parsed, cancel) =>
        {
            var why = Against(parsed.GetValue(url)!, parsed.GetValue(rate), parsed.GetValue(max), parsed.GetValue(connections), parsed.GetValue(seconds));
            why ??= parsed.GetValue(boards) is >= 0 and <= BoardsMax ? null : $"--boards lies between 0 and {BoardsMax}.";
            if (why is not null) return Task.FromResult(ServeCommand.Refuse(why));
            var plan = new LoadPlan(new Uri(parsed.GetValue(url)!), parsed.GetValue(key)!, parsed.GetValue(rate), parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)))
            {
                Mixed = parsed.GetValue(mix) || parsed.GetValue(soak), Soak = parsed.GetValue(soak), Boards = parsed.GetValue(boards),
            };
            return RunAsync(plan, parsed.GetValue(json), cancel);
        });
        return command;
    }

    private static string? Against(string url, double? rate, bool max, int connections, int seconds)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) return "--url is an http or https URL.";
        if (max == (rate is not null)) return "Say either --rate or --max.";
        if (rate is { } perSecond && perSecond is not (> 0 and <= RateMax)) return "--rate lies above 0 and up to 1,000,000.";
        if (connections is not (>= 1 and <= ConnectionsMax)) return $"--connections lies between 1 and {ConnectionsMax}.";
        return seconds is >= 1 and <= SecondsMax ? null : $"--seconds lies between 1 and {SecondsMax}.";
    }

    private static async Task<int> RunAsync(LoadPlan plan, bool asJson, CancellationToken cancel)
    {
        using var interrupt = new Interrupt();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, interrupt.Token);
        try
        {
            var report = await MeasureAsync(plan, stop.Token);
            await Console.Out.WriteLineAsync(asJson ? report.ToJson() : report.ToTable());
            return report.IsClean ? 0 : 1;
        }
        catch (HttpRequestException fault)
        {
            // Captures that fail are counted; what goes on beside them, and the laws, need a server that answers.
            return ServeCommand.Refuse(fault.Message);
        }
    }

    private static async Task<LoadReport> MeasureAsync(LoadPlan plan, CancellationToken stop)
    {
        var (run, mixture) = (new LoadRun(plan), new Mixture(plan));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beside = mixture.RunAsync(over.Token);
        LoadReport report;
        await using (new Timer(_ => Tell(run), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1))) report = await run.RunAsync(stop);
        await over.CancelAsync();
        await beside;
        if (!Console.IsErrorRedirected) await Console.Error.WriteLineAsync();
        if (plan.Mixed) report = report with { Beside = mixture.Done };
        return plan.Soak ? report with { BrokenLaws = await new LawCheck(plan, run.Ledger).RunAsync(stop) } : report;
    }

    private static void Tell(LoadRun run)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Elapsed.TotalSeconds,5:0} s  {run.Accepted,9} acknowledged  {run.Accepted / run.Elapsed.TotalSeconds,8:0}/s  {run.Errors.Values.Sum(),6} errors  p99 {run.Latency.At(0.99).TotalMilliseconds:0.0} ms");
        if (Console.IsErrorRedirected) Console.Error.WriteLine(line);
        else Console.Error.Write('\r' + line);
    }
}
