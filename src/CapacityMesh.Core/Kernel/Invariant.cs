using System.Diagnostics.CodeAnalysis;

namespace CapacityMesh.Core.Kernel;

/// <summary>Something that must hold does not: a defect of ours, never of the caller. The turn is dropped and the entity is parked.</summary>
public sealed class InvariantBrokenException(string message) : Exception(message);

/// <summary>Checks of what must hold.</summary>
public static class Invariant
{
    /// <summary>Stops the turn when <paramref name="holds"/> is false.</summary>
    /// <exception cref="InvariantBrokenException">It does not hold.</exception>
    public static void Require([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds) throw new InvariantBrokenException($"Invariant broken: {what}.");
    }
}
