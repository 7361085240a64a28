using System.Text.Json;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators.Clients;

/// <summary>
/// TikTok's business API; experimental, since less of it is documented than of the others. Smart+ campaigns have their own path: the connector's
/// <c>statusPath</c> says so.
/// </summary>
internal sealed class TikTokActuator : IActuator
{
    private const string Address = "https://business-api.tiktok.com";
    private const string StatusPath = "campaign/status/update/";
    private const string BudgetPath = "campaign/update/";
    private const string ReadPath = "campaign/get/";
    private static readonly string[] DailyModes = ["BUDGET_MODE_DAY", "BUDGET_MODE_DYNAMIC_DAILY_BUDGET"];

    public Platform Platform => Platform.TikTok;

    public BudgetRules Budgets { get; } = new("currency", 0.01m, 50);

    public string? Missing(Connector connector) => connector.Map("advertiserId") is null ? "map.advertiserId" : null;

    public PlatformCall ReadBack(Connector connector, string id)
    {
        var filter = Uri.EscapeDataString(PlatformJson.Of(new { campaign_ids = new[] { id } }));
        return new PlatformCall(HttpMethod.Get, $"{AddressOf(connector, connector.Map("readPath") ?? ReadPath)}?advertiser_id={Uri.EscapeDataString(connector.Map("advertiserId")!)}&filtering={filter}", IsRead: true);
    }

    public LiveCampaign? Understand(Connector connector, string id, JsonElement answer)
    {
        var campaign = answer.Path("data.list").Elements().FirstOrDefault(c => c.Field("campaign_id").AsText() == id);
        if (campaign.Field("operation_status").AsText() is not { } status) return null;
        var isOver = campaign.Field("secondary_status").AsText() is { } second && second.Contains("DELETE", StringComparison.Ordinal);
        var isDaily = campaign.Field("budget_mode").AsText() is { } mode && DailyModes.Contains(mode);
        var amount = isDaily ? campaign.Field("budget").AsNumber() : null;
        return new LiveCampaign(id, status, status == "DISABLE", false, isOver || status == "DELETE", amount, amount is null ? "budgetElsewhere" : null);
    }

    public PlatformCall Apply(Connector connector, LiveCampaign live, PlatformChange change) => change is PlatformChange.SetBudget budget
        ? Post(connector, connector.Map("budgetPath") ?? BudgetPath, new { advertiser_id = connector.Map("advertiserId"), campaign_id = live.Id, budget = budget.Amount })
        : Post(connector, connector.Map("statusPath") ?? StatusPath, new { advertiser_id = connector.Map("advertiserId"), campaign_ids = new[] { live.Id }, operation_status = change is PlatformChange.Pause ? "DISABLE" : "ENABLE" });

    private static PlatformCall Post(Connector connector, string path, object body) => new(HttpMethod.Post, AddressOf(connector, path), IsRead: false, PlatformJson.Of(body));

    private static string AddressOf(Connector connector, string path) => $"{connector.Api(Address)}/open_api/{connector.Map("apiVersion") ?? "v1.3"}/{path.TrimStart('/')}";
}
