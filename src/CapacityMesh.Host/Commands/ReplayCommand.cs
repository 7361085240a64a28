using System.CommandLine;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Replay;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Host.Commands;

/// <summary><c>replay</c>: leads that really came, through the real machines, in virtual time.</summary>
public static class ReplayCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var leads = new Argument<string>("leads") { Description = "CSV of leads, with a header row." };
        var deals = new Option<string?>("--deals") { Description = "CSV of the deals that leads became." };
        var map = new Option<string?>("--map") { Description = "Columns: id=..,at=..,campaign=..,won=..,person=..; or 'olist'." };
        var from = new Option<DateOnly?>("--from") { Description = "First day." };
        var to = new Option<DateOnly?>("--to") { Description = "Last day." };
        var people = new Option<int?>("--people") { Description = "Salespeople; default as many as the deals name." };
        var weekly = new Option<decimal>("--weekly") { Description = "First conversations that each can begin a week (assumed).", DefaultValueFactory = _ => 20 };
        var concurrent = new Option<int>("--concurrent") { Description = "Leads that each can hold at once (assumed).", DefaultValueFactory = _ => 60 };
        var seed = new Option<ulong>("--seed") { Description = "Seed.", DefaultValueFactory = _ => 1 };
        var policy = new Option<string>("--policy") { Description = "mesh, none, cap, threshold or all.", DefaultValueFactory = _ => "all" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("replay", "Replay real leads under different policies, in virtual time.") { leads, deals, map, from, to, people, weekly, concurrent, seed, policy, json };
        command.SetAction(parsed =>
        {
            if (PolicyNames.Parse(parsed.GetValue(policy)!) is not { } policies) return ServeCommand.Refuse($"There is no policy '{parsed.GetValue(policy)}'; they are mesh, none, cap, threshold and all.");
            var options = new ReplayOptions
            {
                From = Midnight(parsed.GetValue(from)), To = Midnight(parsed.GetValue(to))?.AddDays(1),
                People = parsed.GetValue(people), Weekly = parsed.GetValue(weekly), Concurrent = parsed.GetValue(concurrent),
            };
            return Run(parsed.GetValue(leads)!, parsed.GetValue(deals), parsed.GetValue(map), options, policies, parsed.GetValue(seed), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(string leads, string? deals, string? map, ReplayOptions options, IReadOnlyList<PolicyKind> policies, ulong seed, bool json)
    {
        Scenario scenario;
        try
        {
            if (options.Check() is { } wrong) return ServeCommand.Refuse(wrong);
            var history = History.Read(leads, deals, ColumnMap.Parse(map));
            if (history.Skipped > 0) Console.Error.WriteLine($"{history.Skipped} rows without an id or a time were left out.");
            if (history.DatesOnly) Console.Error.WriteLine("The leads carry days only: each day is spread over business hours (assumed).");
            scenario = ReplayScenario.From(history, options);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
        {
            return ServeCommand.Refuse(fault.Message);
        }
        Console.Error.WriteLine(scenario.Summary);
        return SimulateCommand.Print(scenario, policies, [seed], json);
    }

    private static DateTimeOffset? Midnight(DateOnly? day) => day is { } known ? new DateTimeOffset(known.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
