using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>What holds for every turn of every machine.</summary>
internal static class TurnLaws
{
    // A lead's whole submission, a report with all its horizons: a few kilobytes. More means that a list crept into a message.
    private const int EffectJsonMax = 12_000;

    /// <summary>Checks a decision and gives the state after it; writing states and effects out is slow, so that long runs do it now and then.</summary>
    public static object Check(Machine machine, object before, Decision decision, DateTimeOffset now, bool written = true)
    {
        if (decision.Rejection is { } rejection)
        {
            Assert.True(decision.Events.Count == 0 && decision.Effects.Count == 0, $"{machine.Name} refused with {rejection.Code} and did something all the same");
            return before;
        }
        var state = before;
        foreach (var fact in decision.Events)
        {
            var next = machine.Evolve(state, fact, now);
            Assert.True(machine.Allows(state, fact, next), $"{machine.Name}: {fact.GetType().Name} moved {machine.PhaseOf(state)} to {machine.PhaseOf(next)}, which its lifecycle does not list");
            state = next;
        }
        Assert.InRange(decision.Effects.Count, 0, Limits.EffectsPerTurnMax);
        if (!written) return decision.Result;
        Assert.Equal(Json.Of(state), Json.Of(decision.Result));
        foreach (var effect in decision.Effects) Assert.InRange(Json.Of(effect).Length, 0, EffectJsonMax);
        return decision.Result;
    }
}
