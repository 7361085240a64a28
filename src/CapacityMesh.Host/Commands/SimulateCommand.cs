using System.CommandLine;
using CapacityMesh.Simulation;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Scenarios;
using CapacityMesh.Simulation.WhatIf.Files;

namespace CapacityMesh.Host.Commands;

/// <summary><c>simulate</c>: policies side by side on a named scenario, in virtual time.</summary>
public static class SimulateCommand
{
    private const int WeeksMax = ScenarioFile.WeeksMax;
    private const string DefaultScenario = "seed-2.5x";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "A scenario file; see docs/reference/scenario-files.md.", Arity = ArgumentArity.ZeroOrOne };
        var scenario = new Option<string?>("--scenario") { Description = $"Name of a scenario; default {DefaultScenario}." };
        var list = new Option<bool>("--list") { Description = "Name the scenarios." };
        var weeks = new Option<int?>("--weeks") { Description = "Weeks in which leads arrive; default the scenario's." };
        var seed = new Option<ulong?>("--seed") { Description = "First seed; default 1, or the file's." };
        var seeds = new Option<int?>("--seeds") { Description = "How many seeds, one after the other; default 1, or what a few seconds allow when the file asks what changes bring." };
        var policy = new Option<string>("--policy") { Description = "mesh, none, cap, threshold or all.", DefaultValueFactory = _ => "all" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("simulate", "Compare policies on a scenario, or tell what a change would bring, in virtual time.") { file, scenario, list, weeks, seed, seeds, policy, json };
        command.SetAction(parsed => parsed.GetValue(list)
            ? List()
            : Run(parsed.GetValue(file), parsed.GetValue(scenario), parsed.GetValue(weeks), parsed.GetValue(seed), parsed.GetValue(seeds), parsed.GetValue(policy)!, parsed.GetValue(json)));
        return command;
    }

    private static int List()
    {
        foreach (var scenario in ScenarioCatalog.All) Console.WriteLine($"{scenario.Name,-12} {scenario.Summary}");
        return 0;
    }

    private static int Run(string? file, string? named, int? weeks, ulong? seed, int? seeds, string policy, bool json)
    {
        if (weeks is < 1 or > WeeksMax) return ServeCommand.Refuse($"--weeks lies between 1 and {WeeksMax}.");
        if (seeds is < 1 or > Laboratory.SeedsMax) return ServeCommand.Refuse($"--seeds lies between 1 and {Laboratory.SeedsMax}.");
        if (file is not null && named is not null) return ServeCommand.Refuse("Name a FILE or a --scenario, not both.");
        return file is not null ? SimulateFile.Run(file, weeks, seed, seeds, policy, json) : RunNamed(named ?? DefaultScenario, weeks, seed ?? 1, seeds ?? 1, policy, json);
    }

    private static int RunNamed(string name, int? weeks, ulong seed, int seeds, string policy, bool json)
    {
        if (ScenarioCatalog.Find(name) is not { } scenario) return ServeCommand.Refuse($"There is no scenario '{name}'; 'simulate --list' names them.");
        if (PolicyNames.Parse(policy) is not { } policies) return ServeCommand.Refuse($"There is no policy '{policy}'; they are mesh, none, cap, threshold and all.");
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
