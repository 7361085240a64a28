using System.Text.Json;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators.Clients;

/// <summary>LinkedIn's marketing API. It has no idempotency key and publishes no limits: every attempt begins with reading back.</summary>
internal sealed class LinkedInActuator : IActuator
{
    /// <summary>Where it is.</summary>
    public const string Address = "https://api.linkedin.com";

    /// <summary>Its version, unless the connector says otherwise.</summary>
    public const string Version = "202610";

    private static readonly string[] Over = ["ARCHIVED", "COMPLETED", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED"];

    public Platform Platform => Platform.LinkedIn;

    public BudgetRules Budgets { get; } = new("currency", 0.01m, 10);

    public string? Missing(Connector connector) => PlatformJson.Digits(connector.Map("adAccount")).Length == 0 ? "map.adAccount" : null;

    public PlatformCall ReadBack(Connector connector, string id) => new(HttpMethod.Get, AddressOf(connector, id), IsRead: true) { Headers = Headers(connector) };

    public LiveCampaign? Understand(Connector connector, string id, JsonElement answer)
    {
        if (answer.Field("status").AsText() is not { } status) return null;
        var budget = answer.Field("dailyBudget");
        var amount = budget.Field("amount").AsNumber();
        return new LiveCampaign(id, status, status == "PAUSED", false, Over.Contains(status), amount, amount is null ? "budgetElsewhere" : null, Currency: budget.Field("currencyCode").AsText());
    }

    public PlatformCall Apply(Connector connector, LiveCampaign live, PlatformChange change)
    {
        object set = change is PlatformChange.SetBudget budget
            ? new { dailyBudget = new { amount = budget.Amount.Text(), currencyCode = live.Currency } }
            : new { status = change is PlatformChange.Pause ? "PAUSED" : "ACTIVE" };
        var body = PlatformJson.Of(new { patch = new Dictionary<string, object> { ["$set"] = set } });
        return new PlatformCall(HttpMethod.Post, AddressOf(connector, live.Id), IsRead: false, body) { Headers = [.. Headers(connector), new("X-RestLi-Method", "PARTIAL_UPDATE")] };
    }

    /// <summary>What every call carries.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Headers(Connector connector) =>
        [new("Linkedin-Version", connector.Map("apiVersion") ?? Version), new("X-Restli-Protocol-Version", "2.0.0")];

    private static string AddressOf(Connector connector, string id) => $"{connector.Api(Address)}/rest/adAccounts/{PlatformJson.Digits(connector.Map("adAccount"))}/adCampaigns/{PlatformJson.Digits(LinkedInFetcher.IdOf(id))}";
}
