using System.CommandLine;
using CapacityMesh.Simulation;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Reporting;
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
        var laws = new Option<bool>("--laws") { Description = "Check the laws of the design on businesses at random, with crashes and other faults; 100 seeds unless said." };
        var learning = new Option<bool>("--learning") { Description = "Measure how soon a step of a pass rate is found, and what that costs; 1,000 runs unless --seeds says." };
        var policy = new Option<string>("--policy") { Description = "mesh, none, cap, threshold or all.", DefaultValueFactory = _ => "all" };
        var risk = new Option<decimal?>("--risk") { Description = "Accepted chance that an admitted lead finds a promise broken, 0.001 to 0.5; default the scenario's." };
        var picture = new Option<string?>("--picture") { Description = "Instead of the table, draw four weeks of spend signals of the first seed to this SVG file." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("simulate", "Compare policies on a scenario, tell what a change would bring, or check the laws, in virtual time.")
        {
            file, scenario, list, weeks, seed, seeds, policy, risk, picture, laws, learning, json,
        };
        command.SetAction(parsed => Run(new Asked(
            parsed.GetValue(file), parsed.GetValue(scenario), parsed.GetValue(list), parsed.GetValue(weeks), parsed.GetValue(seed), parsed.GetValue(seeds),
            parsed.GetValue(policy)!, parsed.GetValue(risk), parsed.GetValue(picture), parsed.GetValue(laws), parsed.GetValue(learning), parsed.GetValue(json))));
        return command;
    }

    private static int List()
    {
        foreach (var scenario in ScenarioCatalog.All) Console.WriteLine($"{scenario.Name,-19} {scenario.Summary}");
        return 0;
    }

    private static int Learning(int runs, ulong seed)
    {
        Console.Write(LearningTable.ToText(runs, seed));
        return 0;
    }

    private static int Run(Asked asked)
    {
        if (asked.List) return List();
        if (asked.Laws) return LawsCommand.Run(asked.Seed ?? 1, asked.Seeds, asked.Json);
        if (asked.Weeks is < 1 or > WeeksMax) return ServeCommand.Refuse($"--weeks lies between 1 and {WeeksMax}.");
        if (asked.Seeds is < 1 or > Laboratory.SeedsMax) return ServeCommand.Refuse($"--seeds lies between 1 and {Laboratory.SeedsMax}.");
        if (asked.Learning) return Learning(asked.Seeds ?? Laboratory.SeedsMax, asked.Seed ?? 1);
        if (asked.Risk is < 0.001m or > 0.5m) return ServeCommand.Refuse("--risk lies between 0.001 and 0.5.");
        if (asked.File is not null && asked.Scenario is not null) return ServeCommand.Refuse("Name a FILE or a --scenario, not both.");
        if (asked.File is { } file)
        {
            if (asked.Risk is not null || asked.Picture is not null) return ServeCommand.Refuse("--risk and --picture are for named scenarios; a file says its own risk.");
            return SimulateFile.Run(file, asked.Weeks, asked.Seed, asked.Seeds, asked.Policy, asked.Json);
        }
        return RunNamed(asked);
    }

    private static int RunNamed(Asked asked)
    {
        var name = asked.Scenario ?? DefaultScenario;
        if (ScenarioCatalog.Find(name) is not { } scenario) return ServeCommand.Refuse($"There is no scenario '{name}'; 'simulate --list' names them.");
        if (PolicyNames.Parse(asked.Policy) is not { } policies) return ServeCommand.Refuse($"There is no policy '{asked.Policy}'; they are mesh, none, cap, threshold and all.");
        if (asked.Weeks is { } weeks) scenario = scenario.Lasting(TimeSpan.FromDays(7 * weeks));
        if (asked.Risk is { } risk) scenario = scenario with { Process = scenario.Process with { Risk = risk } };
        var first = asked.Seed ?? 1;
        return asked.Picture is { } picture
            ? Draw(scenario, first, picture)
            : Print(scenario, policies, [.. Enumerable.Range(0, asked.Seeds ?? 1).Select(i => first + (ulong)i)], asked.Json);
    }

    private static int Draw(Scenario scenario, ulong seed, string file)
    {
        try
        {
            File.WriteAllText(file, SignalPicture.Draw(scenario, seed));
            return 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ServeCommand.Refuse(fault.Message);
        }
    }

    internal static int Print(Scenario scenario, IReadOnlyList<PolicyKind> policies, IReadOnlyList<ulong> seeds, bool json)
    {
        using var interrupt = new Interrupt();
        try
        {
            var table = Laboratory.Compare(scenario, policies, seeds, what => Console.Error.WriteLine(what), interrupt.Token);
            if (interrupt.Token.IsCancellationRequested) Console.Error.WriteLine("Interrupted: the last run ended early, and its figures speak of what had happened until then.");
            Console.WriteLine(json ? table.ToJson() : table.ToText());
            return interrupt.Token.IsCancellationRequested ? 130 : 0;
        }
        catch (InvalidDataException bad)
        {
            return ServeCommand.Refuse(bad.Message);
        }
        catch (LawBrokenException broken)
        {
            Console.Error.WriteLine(broken.Message);
            return 3;
        }
    }

    /// <summary>What the command line says; null where it is silent.</summary>
    private sealed record Asked(
        string? File, string? Scenario, bool List, int? Weeks, ulong? Seed, int? Seeds, string Policy, decimal? Risk, string? Picture, bool Laws, bool Learning, bool Json);
}
