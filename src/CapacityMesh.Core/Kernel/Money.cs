namespace CapacityMesh.Core.Kernel;

/// <summary>An amount in one currency. Amounts of different currencies are never added.</summary>
/// <param name="Amount">In whole units of the currency.</param>
/// <param name="Currency">ISO 4217, three upper-case letters.</param>
public sealed record Money(decimal Amount, string Currency)
{
    /// <summary>Adds an amount of the same currency; null counts as nothing, and another currency is left out.</summary>
    public static Money? Add(Money? left, Money? right) =>
        left is null ? right
        : right is null || right.Currency != left.Currency ? left
        : left with { Amount = left.Amount + right.Amount };
}
