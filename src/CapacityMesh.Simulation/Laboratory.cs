using CapacityMesh.Simulation.Laws;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Reporting;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation;

/// <summary>Runs a scenario under several policies and seeds, checks the laws at the end of each run, and tabulates.</summary>
public static class Laboratory
{
    /// <summary>Seeds of one comparison at most: more changes no second digit.</summary>
    public const int SeedsMax = 1_000;

    /// <summary>Runs everything, or until cancelled; then what is known so far.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="policies">Who decides.</param>
    /// <param name="seeds">Chance.</param>
    /// <param name="progress">Told before each run.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InvalidDataException">The scenario cannot be run; the message says why.</exception>
    /// <exception cref="LawBrokenException">A law did not hold at the end of a run.</exception>
    public static PolicyTable Compare(Scenario scenario, IReadOnlyList<PolicyKind> policies, IReadOnlyList<ulong> seeds, Action<string>? progress = null, CancellationToken cancel = default)
    {
        if (ScenarioCheck.Check(scenario) is { Count: > 0 } wrong) throw new InvalidDataException(string.Join(" ", wrong));
        var cards = new List<(PolicyKind, IReadOnlyList<Scorecard>)>();
        foreach (var policy in policies)
        {
            var own = new List<Scorecard>();
            foreach (var seed in seeds)
            {
                if (cancel.IsCancellationRequested) break;
                progress?.Invoke($"{scenario.Name}: {PolicyNames.NameOf(policy)}, seed {seed}");
                var run = new ScenarioRun(scenario, policy, seed);
                own.Add(run.Run(progress, cancel));
                if (run.CutOff) progress?.Invoke($"  stopped taking leads after {ScenarioCheck.LeadsMax}: the figures speak of those");
                var broken = LawBook.Check(run.Host);
                if (broken.Count > 0) throw new LawBrokenException(scenario.Name, policy, seed, broken);
            }
            if (own.Count > 0) cards.Add((policy, own));
        }
        return new PolicyTable(scenario.Name, seeds, cards);
    }
}

/// <summary>A law did not hold: a defect of ours. The run can be repeated from what it names.</summary>
public sealed class LawBrokenException(string scenario, PolicyKind policy, ulong seed, IReadOnlyList<string> violations)
    : Exception($"{scenario} under {PolicyNames.NameOf(policy)} with seed {seed} breaks: {string.Join("; ", violations.Take(5))}")
{
    /// <summary>What did not hold.</summary>
    public IReadOnlyList<string> Violations { get; } = violations;
}
