using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>Reads a process, in the form in which the API takes it.</summary>
public static class ProcessReader
{
    /// <summary>The process; whatever stands against it is noted.</summary>
    public static Process Read(Field field)
    {
        field.Only("pools", "stages", "risk", "offerTimeout", "holdTimeout", "workLease", "reofferAfter", "waitlist", "gate");
        var none = Process.Empty;
        var process = none with
        {
            Pools = [.. field.Need("pools").List(Limits.PoolsMax).Select(p => new PoolDefinition(p.Only("id", "kind").Need("id").Key(), p.Need("kind").Word(("people", PoolKind.People), ("slots", PoolKind.Slots))))],
            Stages = [.. field.Need("stages").List(Limits.StagesMax).Select(ReadStage)],
            Risk = field.Find("risk")?.Number(0.001m, 0.5m) ?? none.Risk,
            OfferTimeout = field.Find("offerTimeout")?.Duration() ?? none.OfferTimeout,
            HoldTimeout = field.Find("holdTimeout")?.Duration() ?? none.HoldTimeout,
            WorkLease = field.Find("workLease")?.Duration() ?? none.WorkLease,
            ReofferAfter = field.Find("reofferAfter")?.Duration() ?? none.ReofferAfter,
            Waitlist = ReadWaitlist(field),
            Gate = field.Find("gate")?.Word(("enforce", GateMode.Enforce), ("observe", GateMode.Observe)) ?? none.Gate,
        };
        if (field.Errors.None)
        {
            foreach (var error in process.Check()) field.Errors.Require(false, $"{field.Path}.{error.Field}", error.Code, error.Text);
        }
        return process;
    }

    private static Stage ReadStage(Field stage)
    {
        stage.Only("id", "pool", "effort", "passRate", "promise", "firstResponse", "wins");
        return new Stage(
            stage.Need("id").Key(), stage.Need("pool").Key(), stage.Find("effort")?.Number(0.001m, 1_000) ?? 1, stage.Find("passRate")?.Rate() ?? 1,
            stage.Need("promise").Duration(), stage.Find("firstResponse")?.Duration(), stage.Find("wins")?.Flag() ?? false);
    }

    private static WaitlistRules ReadWaitlist(Field field)
    {
        var rules = WaitlistRules.Default;
        if (field.Find("waitlist") is not { } waitlist) return rules;
        waitlist.Only("limit", "expires");
        return new WaitlistRules(waitlist.Find("limit")?.Whole(0, Limits.WaitlistMax) ?? rules.Limit, waitlist.Find("expires")?.Duration() ?? rules.Expires);
    }
}
