using System.Text.Json;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators.Clients;

/// <summary>
/// Meta's Graph API. The id may be a campaign's or an ad set's: both have a status, and the budget stands on the campaign only when it uses a campaign
/// budget. Meta takes four budgets of an ad set in an hour; then it blocks them for one.
/// </summary>
internal sealed class MetaActuator : IActuator
{
    /// <summary>Where it is.</summary>
    public const string Address = "https://graph.facebook.com";

    /// <summary>Its version, unless the connector says otherwise.</summary>
    public const string Version = "v26.0";

    private static readonly string[] Over = ["DELETED", "ARCHIVED"];

    public Platform Platform => Platform.Meta;

    // Minor units: cents. Below one unit of most currencies Meta takes no budget.
    public BudgetRules Budgets { get; } = new("minor", 1, 100, ChangesPerHour: 4);

    public string? Missing(Connector connector) => connector.Secret("accessToken") is null && connector.Secret("refreshToken") is null ? "secrets.accessToken" : null;

    public PlatformCall ReadBack(Connector connector, string id) => new(HttpMethod.Get, $"{AddressOf(connector, id)}?fields=id,status,effective_status,daily_budget,lifetime_budget", IsRead: true);

    public LiveCampaign? Understand(Connector connector, string id, JsonElement answer)
    {
        if (answer.Field("status").AsText() is not { } status) return null;
        var effective = answer.Field("effective_status").AsText() ?? status;
        var daily = answer.Field("daily_budget").AsNumber();
        var hasDaily = daily is > 0;
        return new LiveCampaign(
            id, status, status == "PAUSED", effective != status && effective != "IN_PROCESS", Over.Contains(status), hasDaily ? daily : null,
            hasDaily ? null : answer.Field("lifetime_budget").AsNumber() is > 0 ? "lifetimeBudget" : "budgetElsewhere");
    }

    public PlatformCall Apply(Connector connector, LiveCampaign live, PlatformChange change) => Post(connector, live, change, validateOnly: false);

    public PlatformCall? Validate(Connector connector, LiveCampaign live, PlatformChange change) => Post(connector, live, change, validateOnly: true);

    private static PlatformCall Post(Connector connector, LiveCampaign live, PlatformChange change, bool validateOnly)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            change is PlatformChange.SetBudget budget ? new("daily_budget", budget.Amount.Text()) : new("status", change is PlatformChange.Pause ? "PAUSED" : "ACTIVE"),
        };
        if (validateOnly) form.Add(new("execution_options", """["validate_only"]"""));
        return new PlatformCall(HttpMethod.Post, AddressOf(connector, live.Id), IsRead: false, Form: form);
    }

    private static string AddressOf(Connector connector, string id) => $"{connector.Api(Address)}/{connector.Map("apiVersion") ?? Version}/{Uri.EscapeDataString(id)}";
}
