using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>What a signal asks for.</summary>
internal sealed record WantedView(SpendAction Action, decimal BudgetMultiplier, DateTimeOffset Since, long Version)
{
    public static WantedView? Of(WantedSpend? wanted) => wanted is null ? null : new WantedView(wanted.Action, wanted.Multiplier, wanted.Since, wanted.Version);
}

/// <summary>What the platform last showed; the budget is in the platform's own unit.</summary>
internal sealed record ReadBackView(string Status, bool Paused, bool HeldByPlatform, decimal? Budget, string? BudgetUnit, string? BudgetNote, DateTimeOffset? At);

/// <summary>What stands at the platform because of us, and what comes back in the end.</summary>
internal sealed record OursView(bool Paused, DateTimeOffset? PausedAt, string? StatusBefore, decimal? Budget, decimal? BudgetBefore, bool Confirmed);

/// <summary>One campaign at one platform: desired, applied, read back.</summary>
internal sealed record ActuatorReply(
    string Connector, string Platform, string PlatformCampaign, string Campaign, ActuateMode Actuate, SpendMode? Mode, WantedView? Desired, WantedView? Applied, ReadBackView? ReadBack,
    string PausedBy, OursView Ours, Drift? Drift, string? Note, ActuationFault? LastError, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? QuietUntil, string? Planned, bool EaseWorksNextDay);

/// <summary>How far the spend signals have come, campaign by campaign.</summary>
internal sealed class ActuatorEndpoints(ConnectorBook book, PlatformApi api, IEnumerable<IActuator> actuators, ActuatorDriver driver) : IEndpoints
{
    // Each has up to 1,000 campaigns.
    private const int ConnectorsMax = 50;
    private readonly Dictionary<Platform, IActuator> byPlatform = actuators.ToDictionary(a => a.Platform);

    public void Map(Routes routes)
    {
        routes.Get("/v1/actuators", Access.Operator, "Campaigns at the platforms: desired, applied, read back, who paused; paged by connector", ListAsync).Asks("campaign", "limit", "cursor").Gives<Page<ActuatorReply>>();
        routes.Post("/v1/actuators/{connector}/{id}/look", Access.Operator, "Read a campaign back now, and steer it", LookAsync).GivesNothing(StatusCodes.Status202Accepted).Refuses(404);
    }

    private async Task ListAsync(ApiCall call)
    {
        var limit = call.Number("limit", 20, 1, ConnectorsMax);
        var only = call.KeyInQuery("campaign");
        var connectors = await book.ListAsync(call.Workspace, call.KeyInQuery("cursor"), limit, call.Cancel);
        var flow = await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
        var items = new List<ActuatorReply>();
        foreach (var (_, connector) in connectors)
        {
            foreach (var (id, campaign) in connector.Steered.Where(s => only is null || s.Value == only).OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                var record = await call.Mesh.Journal.Rows.ReadAsync<ActuationRecord>(ActuationRecord.KeyOf(call.Workspace, connector.Id, id), call.Cancel);
                items.Add(ReplyOf(connector, id, campaign, record ?? new ActuationRecord { Campaign = campaign }, flow));
            }
        }
        await call.ReplyAsync(new Page<ActuatorReply>(items, connectors.Count == limit ? connectors[^1].Key : null));
    }

    private async Task LookAsync(ApiCall call)
    {
        // A platform's id may be a URN: it is not one of our keys.
        var (connector, id) = (call.Key("connector"), call.Http.Request.RouteValues["id"] as string ?? "");
        var isSteered = await book.ReadAsync(call.Workspace, connector, call.Cancel) is { } record && record.Steered.Any(s => s.Key == id);
        if (!isSteered) throw new ProblemException(Problem.NotFound("actuatorUnknown", "No such campaign is steered."));
        await driver.AskAsync(call.Workspace, connector, id, call.Cancel);
        call.Http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private ActuatorReply ReplyOf(ConnectorRecord connector, string id, string campaign, ActuationRecord record, FlowState? flow)
    {
        var platform = Platforms.Parse(connector.Platform)!.Value;
        var rules = byPlatform.GetValueOrDefault(platform)?.Budgets;
        var report = flow?.Campaigns.GetValueOrDefault(campaign);
        var desired = report is null ? null : new WantedView(report.Signal.Action, report.Signal.Multiplier, report.Since, record.Wanted is { } w && w.Since == report.Since ? w.Version : flow!.SpendVersion);
        var (live, memory) = (record.ReadBack, record.Memory);
        var ours = new OursView(memory.Pause is not null, memory.Pause?.At, memory.Pause?.Before, memory.Budget?.Set, memory.Budget?.Before, !memory.IsUnconfirmed);
        return new ActuatorReply(
            connector.Id, connector.Platform, id, campaign, connector.Actuate, report?.Mode, desired, WantedView.Of(record.Applied),
            live is null ? null : new ReadBackView(live.Status, live.IsPaused, live.IsHeldByPlatform, live.Budget, rules?.Unit, live.BudgetNote, record.ReadAt),
            PausedBy(live, memory), ours, memory.Drift, record.Note, record.LastError, record.Attempts, record.NextAttemptAt, api.QuietUntil(connector.Id), record.Planned, rules?.WorksNextDay ?? false);
    }

    private static string PausedBy(LiveCampaign? live, ActuationMemory memory) => live switch
    {
        { IsPaused: true } => memory.Pause is not null ? "us" : "human",
        { IsHeldByPlatform: true } => "platform",
        _ => "nobody",
    };
}
