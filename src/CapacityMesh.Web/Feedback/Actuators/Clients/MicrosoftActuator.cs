using System.Text.Json;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators.Clients;

/// <summary>
/// Microsoft Advertising v13, as JSON. The service sets BudgetPaused by itself and takes it back by itself; a pause on top of it is
/// BudgetAndManualPaused. So what is compared is the switch, never the word that was written.
/// </summary>
internal sealed class MicrosoftActuator : IActuator
{
    /// <summary>Where campaigns and conversions are.</summary>
    public const string Address = "https://campaign.api.bingads.microsoft.com";

    private const string Path = "CampaignManagement/v13";

    public Platform Platform => Platform.Microsoft;

    public BudgetRules Budgets { get; } = new("currency", 0.01m, 0.05m);

    public string? Missing(Connector connector) =>
        connector.Map("accountId") is null ? "map.accountId" : connector.Map("customerId") is null ? "map.customerId" : connector.Secret("developerToken") is null ? "secrets.developerToken" : null;

    public PlatformCall ReadBack(Connector connector, string id) =>
        Call(connector, HttpMethod.Post, "Campaigns/QueryByIds", true, new { AccountId = Account(connector), CampaignIds = new[] { PlatformJson.Digits(id) }, CampaignType = connector.Map("campaignType") ?? "Search" });

    public LiveCampaign? Understand(Connector connector, string id, JsonElement answer)
    {
        var campaign = answer.Path("Campaigns.0");
        if (campaign.Field("Status").AsText() is not { } status) return null;
        var amount = campaign.Field("DailyBudget").AsNumber();
        var isShared = campaign.Field("BudgetId").AsText() is { } shared && shared != "0";
        return new LiveCampaign(
            id, status, status is "Paused" or "BudgetAndManualPaused", status is "BudgetPaused" or "BudgetAndManualPaused" or "Suspended", status is "Deleted",
            isShared ? null : amount, isShared ? "sharedBudget" : amount is null ? "budgetElsewhere" : null, campaign.Field("BudgetType").AsText());
    }

    public PlatformCall Apply(Connector connector, LiveCampaign live, PlatformChange change)
    {
        var campaign = change is PlatformChange.SetBudget budget
            ? new Dictionary<string, object?> { ["Id"] = PlatformJson.Digits(live.Id), ["DailyBudget"] = budget.Amount, ["BudgetType"] = live.BudgetId ?? "DailyBudgetStandard" }
            : new Dictionary<string, object?> { ["Id"] = PlatformJson.Digits(live.Id), ["Status"] = change is PlatformChange.Pause ? "Paused" : "Active" };
        return Call(connector, HttpMethod.Put, "Campaigns", false, new { AccountId = Account(connector), Campaigns = new[] { campaign } });
    }

    /// <summary>A call with the headers that Microsoft asks for.</summary>
    public static PlatformCall Call(Connector connector, HttpMethod method, string what, bool isRead, object body) =>
        new(method, $"{connector.Api(Address)}/{Path}/{what}", isRead, PlatformJson.Of(body))
        {
            Headers =
            [
                new("DeveloperToken", connector.Secret("developerToken") ?? ""), new("CustomerId", PlatformJson.Digits(connector.Map("customerId"))), new("CustomerAccountId", Account(connector)),
            ],
        };

    private static string Account(Connector connector) => PlatformJson.Digits(connector.Map("accountId"));
}
