namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>A campaign as its platform shows it now.</summary>
/// <param name="Id">The platform's id.</param>
/// <param name="Status">The platform's own word.</param>
/// <param name="IsPaused">The switch that people and we turn is off.</param>
/// <param name="IsHeldByPlatform">The platform keeps it from running by itself: budget spent, under review. It lets go by itself.</param>
/// <param name="IsOver">It does not run and cannot be made to: removed, ended, a draft.</param>
/// <param name="Budget">What it may spend a day, in the platform's own unit; null when that is not its to change.</param>
/// <param name="BudgetNote">Why the budget is not to be changed here, if so.</param>
/// <param name="BudgetId">Where the budget is, when it is a thing of its own.</param>
/// <param name="Currency">Its currency, where the platform asks for it back.</param>
internal sealed record LiveCampaign(
    string Id, string Status, bool IsPaused, bool IsHeldByPlatform, bool IsOver, decimal? Budget, string? BudgetNote = null, string? BudgetId = null, string? Currency = null);

/// <summary>One change to one campaign.</summary>
internal abstract record PlatformChange
{
    private PlatformChange() { }

    /// <summary>Spend nothing.</summary>
    public sealed record Pause : PlatformChange;

    /// <summary>Spend again.</summary>
    public sealed record Resume : PlatformChange;

    /// <summary>Spend so much a day, in the platform's own unit.</summary>
    public sealed record SetBudget(decimal Amount) : PlatformChange;

    /// <summary>Its name in metrics.</summary>
    public string Name => this switch { Pause => "pause", Resume => "resume", _ => "budget" };
}

/// <summary>How a platform takes budgets.</summary>
/// <param name="Unit">Name of its unit: <c>micros</c>, <c>minor</c> or <c>currency</c>.</param>
/// <param name="Step">Budgets are multiples of it.</param>
/// <param name="Least">No budget is below it.</param>
/// <param name="ChangesPerHour">Changes that it takes in an hour; null when no limit is known.</param>
/// <param name="WorksNextDay">A lower budget works from the next day only.</param>
internal sealed record BudgetRules(string Unit, decimal Step, decimal Least, int? ChangesPerHour = null, bool WorksNextDay = false)
{
    /// <summary>A share of a budget, as the platform takes it; never more than the whole.</summary>
    public decimal ShareOf(decimal whole, decimal share)
    {
        var part = decimal.Floor(whole * share / Step) * Step;
        return Math.Min(whole, Math.Max(part, Least));
    }
}
