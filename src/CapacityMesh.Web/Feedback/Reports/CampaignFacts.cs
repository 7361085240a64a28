using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>How rows of a report are put together.</summary>
internal enum ReportBy
{
    /// <summary>One row a campaign.</summary>
    Campaign,
    /// <summary>One row a channel.</summary>
    Channel,
    /// <summary>One row a message promise.</summary>
    Promise,
}

/// <summary>The campaigns of a workspace as reports need them.</summary>
internal sealed class CampaignFacts(IReadOnlyDictionary<string, CampaignState> states)
{
    /// <summary>The row of campaigns that made no promise.</summary>
    public const string NoPromise = "none";

    /// <summary>Reads them: at most <see cref="Limits.CampaignsMax"/>.</summary>
    public static async Task<CampaignFacts> ReadAsync(ApiCall call)
    {
        var states = new Dictionary<string, CampaignState>(StringComparer.Ordinal);
        foreach (var id in (await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key))?.Campaigns.Keys ?? [])
        {
            if (await call.StateAsync<CampaignState>(EntityKind.Campaign, id) is { IsConfigured: true } state) states[id] = state;
        }
        return new CampaignFacts(states);
    }

    /// <summary>Every campaign, by id.</summary>
    public IEnumerable<KeyValuePair<string, CampaignState>> All => states.OrderBy(s => s.Key, StringComparer.Ordinal);

    /// <summary>The campaign that a name stands for: one that nobody described is unattributed.</summary>
    public string NameOf(string campaign) => states.ContainsKey(campaign) ? campaign : Submission.Unattributed;

    /// <summary>What a win of a campaign's lead is worth when nobody said.</summary>
    public Money? ValueOf(string campaign) => states.GetValueOrDefault(campaign)?.Profile.ValuePerWin;

    /// <summary>The row that a campaign belongs to.</summary>
    public string GroupOf(string campaign, ReportBy by) => by switch
    {
        ReportBy.Campaign => campaign,
        ReportBy.Channel => states.GetValueOrDefault(campaign)?.Profile.Channel ?? CampaignProfile.Default.Channel,
        ReportBy.Promise => states.GetValueOrDefault(campaign)?.Profile.PromiseId ?? NoPromise,
    };

    /// <summary>How the query wants rows put together.</summary>
    /// <exception cref="ProblemException">It names no way that this report has.</exception>
    public static ReportBy ByOf(ApiCall call, params ReadOnlySpan<ReportBy> ways)
    {
        if (call.Text("by") is not { } text) return ReportBy.Campaign;
        foreach (var by in ways)
        {
            if (Json.Wire.NameOf(by) == text) return by;
        }
        throw new ProblemException(Problem.Invalid("by", "unknownGroup", $"by is one of {string.Join(", ", ways.ToArray().Select(Json.Wire.NameOf))}."));
    }
}
