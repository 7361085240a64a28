using System.Text.Json;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators.Clients;

/// <summary>Google Ads API. A pause works at once; a lower budget works from the next day, since a day may cost twice its highest budget.</summary>
internal sealed class GoogleActuator : IActuator
{
    /// <summary>Where it is.</summary>
    public const string Address = "https://googleads.googleapis.com";

    private const string Version = "v25";

    public Platform Platform => Platform.Google;

    // A hundredth of a unit: 10,000 micros.
    public BudgetRules Budgets { get; } = new("micros", 10_000, 10_000, WorksNextDay: true);

    public string? Missing(Connector connector) => PlatformJson.Digits(connector.Map("customerId")).Length == 0 ? "map.customerId" : null;

    public PlatformCall ReadBack(Connector connector, string id) => Call(connector, "googleAds:search", isRead: true, new
    {
        query = $"SELECT campaign.resource_name, campaign.status, campaign.campaign_budget, campaign_budget.amount_micros, campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign WHERE campaign.id = {PlatformJson.Digits(id)}",
    });

    public LiveCampaign? Understand(Connector connector, string id, JsonElement answer)
    {
        var row = answer.Path("results.0");
        var status = row.Path("campaign.status").AsText();
        if (status is not ("ENABLED" or "PAUSED" or "REMOVED")) return null;
        var budget = row.Field("campaignBudget");
        // A budget that others share would slow them too.
        var isShared = budget.Field("explicitlyShared").IsTrue() || budget.Field("referenceCount").AsNumber() > 1;
        var amount = budget.Field("amountMicros").AsNumber();
        return new LiveCampaign(
            id, status, status == "PAUSED", false, status == "REMOVED", isShared ? null : amount, isShared ? "sharedBudget" : amount is null ? "budgetElsewhere" : null,
            row.Path("campaign.campaignBudget").AsText() ?? budget.Field("resourceName").AsText());
    }

    public PlatformCall Apply(Connector connector, LiveCampaign live, PlatformChange change) => Mutate(connector, live, change, validateOnly: false);

    public PlatformCall? Validate(Connector connector, LiveCampaign live, PlatformChange change) => Mutate(connector, live, change, validateOnly: true);

    private static PlatformCall Mutate(Connector connector, LiveCampaign live, PlatformChange change, bool validateOnly) => change is PlatformChange.SetBudget budget
        ? Call(connector, "campaignBudgets:mutate", false, new
        {
            operations = new[] { new { update = new { resourceName = live.BudgetId, amountMicros = budget.Amount.Text() }, updateMask = "amountMicros" } },
            partialFailure = true,
            validateOnly,
        })
        : Call(connector, "campaigns:mutate", false, new
        {
            operations = new[]
            {
                new { update = new { resourceName = $"customers/{Customer(connector)}/campaigns/{PlatformJson.Digits(live.Id)}", status = change is PlatformChange.Pause ? "PAUSED" : "ENABLED" }, updateMask = "status" },
            },
            partialFailure = true,
            validateOnly,
        });

    private static string Customer(Connector connector) => PlatformJson.Digits(connector.Map("customerId"));

    private static PlatformCall Call(Connector connector, string what, bool isRead, object body)
    {
        var address = $"{connector.Api(Address)}/{connector.Map("apiVersion") ?? Version}/customers/{Customer(connector)}/{what}";
        var headers = new List<KeyValuePair<string, string>>();
        if (PlatformJson.Digits(connector.Map("loginCustomerId")) is { Length: > 0 } login) headers.Add(new("login-customer-id", login));
        if (connector.Secret("developerToken") is { } developer) headers.Add(new("developer-token", developer));
        return new PlatformCall(HttpMethod.Post, address, isRead, PlatformJson.Of(body)) { Headers = headers };
    }
}
