using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Web.Feedback;

/// <summary>A signal that waits for approval.</summary>
internal sealed record ProposalView(SpendAction Action, decimal BudgetMultiplier, Reason Reason);

/// <summary>What one campaign is to do; <c>until</c> is the lease, after which <c>onSilence</c> holds.</summary>
internal record SpendLine(
    string Campaign, string Channel, SpendAction Action, decimal BudgetMultiplier, DateTimeOffset Since, DateTimeOffset Until, Reason Reason, OnSilence OnSilence,
    SpendMode Mode, bool Held, DateTimeOffset? HeldUntil, ProposalView? Proposed)
{
    public static SpendLine Of(CampaignReport report, DateTimeOffset until) => new(
        report.Campaign, report.Channel, report.Signal.Action, report.Signal.Multiplier, report.Since, until, report.Signal.Reason, report.OnSilence, report.Mode,
        report.Hold is not null, report.Hold?.Until, report.Proposed is { } p ? new ProposalView(p.Action, p.Multiplier, p.Reason) : null);
}

/// <summary>One campaign's line, with the table's version.</summary>
internal sealed record SpendLineReply : SpendLine
{
    public SpendLineReply(SpendLine line, long version, DateTimeOffset asOf, string? constraint)
        : base(line) => (Version, AsOf, Constraint) = (version, asOf, constraint);

    public long Version { get; }

    public DateTimeOffset AsOf { get; }

    public string? Constraint { get; }
}

/// <summary>What every campaign is to do.</summary>
internal sealed record SpendReply(long Version, DateTimeOffset AsOf, string? Constraint, IReadOnlyList<SpendLine> Campaigns)
{
    public static SpendReply Of(FlowState? flow, DateTimeOffset now, TimeSpan lease) => new(
        flow?.SpendVersion ?? 0, now, flow?.Constraint?.Pool, [.. flow?.Campaigns.Values.Select(c => SpendLine.Of(c, now + lease)) ?? []]);
}
