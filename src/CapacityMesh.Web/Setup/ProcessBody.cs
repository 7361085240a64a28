using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>A pool of a process.</summary>
internal sealed record PoolBody(string? Id, PoolKind? Kind);

/// <summary>A stage of a process.</summary>
internal sealed record StageBody(string? Id, string? Pool, decimal? Effort, decimal? PassRate, TimeSpan? Promise, TimeSpan? FirstResponse, bool? Wins, FollowUpBody? FollowUp);

/// <summary>Rules of the waitlist.</summary>
internal sealed record WaitlistBody(int? Limit, TimeSpan? Expires);

/// <summary>A process to publish.</summary>
internal sealed record ProcessBody(
    IReadOnlyList<PoolBody>? Pools, IReadOnlyList<StageBody>? Stages, decimal? Risk, TimeSpan? OfferTimeout, TimeSpan? HoldTimeout, TimeSpan? WorkLease,
    TimeSpan? ReofferAfter, WaitlistBody? Waitlist, GateMode? Gate)
{
    /// <summary>The process, or everything that is wrong with it.</summary>
    public Process ToProcess(IWorld world)
    {
        var errors = new FieldErrors();
        var pools = ImmutableArray.CreateBuilder<PoolDefinition>();
        foreach (var pool in Pools ?? [])
        {
            errors.Require(pool?.Kind is not null, $"pools[{pools.Count}].kind", "required", "A pool is of people or of slots.");
            pools.Add(new PoolDefinition(pool?.Id ?? "", pool?.Kind ?? PoolKind.People));
        }
        var stages = ImmutableArray.CreateBuilder<Stage>();
        foreach (var stage in Stages ?? [])
        {
            errors.Require(stage?.Promise is not null, $"stages[{stages.Count}].promise", "required", "A stage promises a longest wait.");
            stages.Add(new Stage(
                stage?.Id ?? "", stage?.Pool ?? "", stage?.Effort ?? 1, stage?.PassRate ?? 1, stage?.Promise ?? TimeSpan.FromDays(1), stage?.FirstResponse, stage?.Wins ?? false,
                stage?.FollowUp?.ToFollowUp($"stages[{stages.Count}].followUp", world, errors)));
        }
        var none = Process.Empty;
        var process = none with
        {
            Pools = pools.ToImmutable(),
            Stages = stages.ToImmutable(),
            Risk = Risk ?? none.Risk,
            OfferTimeout = OfferTimeout ?? none.OfferTimeout,
            HoldTimeout = HoldTimeout ?? none.HoldTimeout,
            WorkLease = WorkLease ?? none.WorkLease,
            ReofferAfter = ReofferAfter ?? none.ReofferAfter,
            Waitlist = new WaitlistRules(Waitlist?.Limit ?? none.Waitlist.Limit, Waitlist?.Expires ?? none.Waitlist.Expires),
            Gate = Gate ?? none.Gate,
        };
        FieldError[] all = [.. errors.All, .. process.Check()];
        return all.Length == 0 ? process : throw new ProblemException(Problem.Invalid(all));
    }
}

/// <summary>A stage of the process in force.</summary>
internal sealed record StageReply(string Id, string Pool, decimal Effort, decimal PassRate, TimeSpan Promise, TimeSpan? FirstResponse, bool Wins, FollowUpBody? FollowUp)
{
    public static StageReply Of(Stage stage) => new(stage.Id, stage.Pool, stage.Effort, stage.PassRate, stage.Promise, stage.FirstResponse, stage.Wins, FollowUpBody.Of(stage.FollowUp));
}

/// <summary>The process in force.</summary>
internal sealed record ProcessReply(
    int Version, IReadOnlyList<PoolDefinition> Pools, IReadOnlyList<StageReply> Stages, decimal Risk, TimeSpan OfferTimeout, TimeSpan HoldTimeout, TimeSpan WorkLease,
    TimeSpan ReofferAfter, WaitlistRules Waitlist, GateMode Gate)
{
    public static ProcessReply Of(Process process) => new(
        process.Version, process.Pools, [.. process.Stages.Select(StageReply.Of)], process.Risk, process.OfferTimeout, process.HoldTimeout, process.WorkLease, process.ReofferAfter, process.Waitlist, process.Gate);
}
