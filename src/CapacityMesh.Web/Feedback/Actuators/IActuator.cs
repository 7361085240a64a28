using System.Text.Json;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>
/// What one platform's API looks like: how a campaign is read back, what the answer means, and how a change is said. It makes no call itself, so that
/// time, tokens, throttles and retries are the same for all (<see cref="PlatformApi"/>).
/// </summary>
internal interface IActuator
{
    /// <summary>Whose API.</summary>
    Platform Platform { get; }

    /// <summary>How it takes budgets.</summary>
    BudgetRules Budgets { get; }

    /// <summary>A setting of the connector's <c>map</c> or <c>secrets</c> without which nothing can be asked; null when all are there.</summary>
    string? Missing(Connector connector);

    /// <summary>The question for a campaign's present state.</summary>
    PlatformCall ReadBack(Connector connector, string id);

    /// <summary>What the answer says; null when it does not say it.</summary>
    LiveCampaign? Understand(Connector connector, string id, JsonElement answer);

    /// <summary>The call that makes a change.</summary>
    PlatformCall Apply(Connector connector, LiveCampaign live, PlatformChange change);

    /// <summary>The same as a question whether the platform would take it; null where it cannot be asked.</summary>
    PlatformCall? Validate(Connector connector, LiveCampaign live, PlatformChange change) => null;
}
