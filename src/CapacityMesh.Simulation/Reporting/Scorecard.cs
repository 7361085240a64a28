namespace CapacityMesh.Simulation.Reporting;

/// <summary>What one run brought. Shares lie between 0 and 1.</summary>
/// <param name="Offered">Leads that would have come had every campaign always run.</param>
/// <param name="Captured">Leads that came.</param>
/// <param name="Admitted">Leads that passed the gate.</param>
/// <param name="Delivered">Leads that the constraint served while leads arrived, and that were delivered by the end of the drain.</param>
/// <param name="Expected">Deliveries to be expected of the leads that the constraint served: <paramref name="Delivered"/> without the luck of the stages after it.</param>
/// <param name="Kept">Of <paramref name="Delivered"/>, those to whom every promise was kept.</param>
/// <param name="BrokenPromises">Share of admitted leads to whom any promise was broken.</param>
/// <param name="BrokenFirstPromises">Share of admitted leads whom nobody took within the first stage's promise.</param>
/// <param name="ConstraintUtilization">Of the pools' capacity, the most used share.</param>
/// <param name="Unanswered">Captured leads that nobody ever took.</param>
/// <param name="WastedSpend">Spend on them, in the campaigns' currency.</param>
/// <param name="SignalChangesPerCampaignDay">Changes of the spend signal per campaign and day.</param>
/// <param name="LateStarts">Deals that were won and whose delivery began after its promise.</param>
/// <param name="Bound">Delivered leads that no policy exceeds on average: the fluid bound.</param>
/// <param name="Reachable">Delivered leads that could be had at all with these leads: <see cref="Reporting.Reachable"/>; the fluid bound where the constraint is people.</param>
/// <param name="Turns">Turns taken.</param>
public sealed record Scorecard(
    int Offered, int Captured, int Admitted, int Delivered, double Expected, int Kept, double BrokenPromises, double BrokenFirstPromises, double ConstraintUtilization, int Unanswered, decimal WastedSpend,
    double SignalChangesPerCampaignDay, int LateStarts, double Bound, double Reachable, long Turns);
