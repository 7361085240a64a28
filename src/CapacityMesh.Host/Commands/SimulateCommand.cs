using System.CommandLine;
using CapacityMesh.Simulation;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Host.Commands;

/// <summary><c>simulate</c>: policies side by side on a named scenario, in virtual time.</summary>
public static class SimulateCommand
{
    private const int WeeksMax = 520;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var scenario = new Option<string>("--scenario") { Description = "Name of a scenario.", DefaultValueFactory = _ => "seed-2.5x" };
        var list = new Option<bool>("--list") { Description = "Name the scenarios." };
        var weeks = new Option<int?>("--weeks") { Description = "Weeks in which leads arrive; default the scenario's." };
        var seed = new Option<ulong>("--seed") { Description = "First seed.", DefaultValueFactory = _ => 1 };
        var seeds = new Option<int?>("--seeds") { Description = "How many seeds; default 1, or 100 with --laws." };
        var laws = new Option<bool>("--laws") { Description = "Check the laws of the design on businesses at random, with crashes and other faults." };
        var policy = new Option<string>("--policy") { Description = "mesh, none, cap, threshold or all.", DefaultValueFactory = _ => "all" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("simulate", "Compare policies on a scenario, in virtual time.") { scenario, list, weeks, seed, seeds, policy, laws, json };
        command.SetAction(parsed => parsed.GetValue(list) ? List()
            : parsed.GetValue(laws) ? LawsCommand.Run(parsed.GetValue(seed), parsed.GetValue(seeds), parsed.GetValue(json))
            : Run(parsed.GetValue(scenario)!, parsed.GetValue(weeks), parsed.GetValue(seed), parsed.GetValue(seeds) ?? 1, parsed.GetValue(policy)!, parsed.GetValue(json)));
        return command;
    }

    private static int List()
    {
        foreach (var scenario in ScenarioCatalog.All) Console.WriteLine($"{scenario.Name,-12} {scenario.Summary}");
        return 0;
    }

    private static int Run(string name, int? weeks, ulong seed, int seeds, string policy, bool json)
    {
        if (ScenarioCatalog.Find(name) is not { } scenario) return ServeCommand.Refuse($"There is no scenario '{name}'; 'simulate --list' names them.");
        if (PolicyNames.Parse(policy) is not { } policies) return ServeCommand.Refuse($"There is no policy '{policy}'; they are mesh, none, cap, threshold and all.");
        if (weeks is < 1 or > WeeksMax) return ServeCommand.Refuse($"--weeks lies between 1 and {WeeksMax}.");
        if (seeds is < 1 or > Laboratory.SeedsMax) return ServeCommand.Refuse($"--seeds lies between 1 and {Laboratory.SeedsMax}.");
        if (weeks is { } span) scenario = scenario.Lasting(TimeSpan.FromDays(7 * span));
        return Print(scenario, policies, [.. Enumerable.Range(0, seeds).Select(i => seed + (ulong)i)], json);
    }

    internal static int Print(Scenario scenario, IReadOnlyList<PolicyKind> policies, IReadOnlyList<ulong> seeds, bool json)
    {
        using var interrupt = new Interrupt();
        try
        {
            var table = Laboratory.Compare(scenario, policies, seeds, what => Console.Error.WriteLine(what), interrupt.Token);
            Console.WriteLine(json ? table.ToJson() : table.ToText());
            return interrupt.Token.IsCancellationRequested ? 130 : 0;
        }
        catch (LawBrokenException broken)
        {
            Console.Error.WriteLine(broken.Message);
            return 3;
        }
    }
}
