using System.Globalization;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>
/// One round for one campaign: 1. read what the platform shows; 2. ask the policy; 3. write down what we are about to do; 4. do it; 5. read back, and
/// so on until there is nothing to do. Whatever fails, the next round begins with reading, so that nothing is done twice by guess.
/// </summary>
internal sealed class ActuationRound(
    IMesh mesh, PlatformApi api, IEnumerable<IActuator> actuators, ActuatorCounts counts, Backoff backoff, WebOptions options, TimeProvider time, ILogger<ActuationRound> log)
{
    // A budget, a switch, and each once more.
    private const int StepsMax = 6;
    private const int DoublingsMax = 20;
    private static readonly TimeSpan SettleMax = TimeSpan.FromHours(1);
    private readonly Dictionary<Platform, IActuator> byPlatform = actuators.ToDictionary(a => a.Platform);

    /// <summary>Works until there is nothing to do, or not now; the record that was kept says when to look again.</summary>
    public async Task<ActuationRecord> RunAsync(Connector connector, string id, string campaign, WantedSpend? wanted, CancellationToken cancel)
    {
        var key = ActuationRecord.KeyOf(connector.Workspace, connector.Id, id);
        var record = await mesh.Journal.Rows.ReadAsync<ActuationRecord>(key, cancel) ?? new ActuationRecord { Campaign = campaign };
        // A signal of before is never applied over a newer one.
        if (record.Wanted is { } known && (wanted is null || wanted.Version < known.Version || wanted.SameAs(known))) wanted = known;
        record = record with { Campaign = campaign, Wanted = wanted, Planned = null, NextAttemptAt = null, Note = wanted is null ? "noSignal" : null };
        if (wanted is not null && byPlatform.TryGetValue(connector.Platform, out var actuator)) record = await StepsAsync(new Scene(connector, actuator, id, wanted), record, cancel);
        record = record with { NextAttemptAt = record.NextAttemptAt ?? time.GetUtcNow() + ReadEvery() };
        await KeepAsync(connector, id, record, cancel);
        return record;
    }

    private async Task<ActuationRecord> StepsAsync(Scene scene, ActuationRecord record, CancellationToken cancel)
    {
        if (scene.Actuator.Missing(scene.Connector) is { } missing) return record with { Note = $"missing {missing}" };
        for (var i = 0; i < StepsMax; i++)
        {
            var reply = await api.SendAsync(scene.Connector, scene.Actuator.ReadBack(scene.Connector, scene.Id), cancel);
            counts.Call(scene.Connector.Platform, "read", reply.Result);
            if (!reply.IsDone) return Failed(record, "read", reply);
            if (scene.Actuator.Understand(scene.Connector, scene.Id, reply.Body) is not { } live) return Failed(record, "read", new PlatformReply(CallResult.Refused, Code: "campaignNotFound"));
            var now = time.GetUtcNow();
            Notice(scene, record.Memory, live, now);
            var step = PolicyOf(scene, record.Attempts).Next(scene.Wanted, live, record.Memory, now);
            record = record with { ReadBack = live, ReadAt = now, Note = step.Note, NextAttemptAt = step.LookAgainAt };
            if (step.Change is not { } change) return await RestAsync(scene, record with { Memory = step.Memory }, cancel);
            if (scene.Connector.Record.Actuate is ActuateMode.DryRun) return await DryAsync(scene, record, live, change, cancel);
            var before = ActuationPolicy.Observe(record.Memory, live, now) with { SignalSince = step.Memory.SignalSince };
            record = record with { Memory = step.Memory };
            await KeepAsync(scene.Connector, scene.Id, record, cancel);
            reply = await api.SendAsync(scene.Connector, scene.Actuator.Apply(scene.Connector, live, change), cancel);
            counts.Call(scene.Connector.Platform, change.Name, reply.Result);
            log.LogInformation("{Platform} campaign {Campaign}: {Change}: {Result}", scene.Connector.Platform, scene.Id, change.Name, reply.Fault);
            if (reply.IsDone)
            {
                record = record with { Attempts = record.Attempts + 1 };
                continue;
            }
            // Done or not, only reading tells; a plain no was not done.
            if (reply.Result is not CallResult.Uncertain) record = record with { Memory = Blocked(before, change, reply, now) };
            return Failed(record, change.Name, reply);
        }
        return Failed(record, "read", new PlatformReply(CallResult.Uncertain, Code: "readBackDiffers"));
    }

    private static ActuationMemory Blocked(ActuationMemory memory, PlatformChange change, PlatformReply reply, DateTimeOffset now) =>
        change is PlatformChange.SetBudget && reply is { Result: CallResult.Throttled, ForAll: false, RetryAfter: { } lasts } ? memory with { BudgetQuietUntil = now + lasts } : memory;

    private async Task<ActuationRecord> RestAsync(Scene scene, ActuationRecord record, CancellationToken cancel)
    {
        if (record.Memory.IsUnconfirmed) return record;
        record = record with { LastError = null, Attempts = 0 };
        if (scene.Connector.Record.Actuate is not ActuateMode.Apply || record.NextAttemptAt is not null || record.Note is "drift" or "over" || scene.Wanted.SameAs(record.Applied)) return record;
        var said = new CampaignCommand.Acknowledge(new Acknowledgement(scene.Wanted.Version, scene.Wanted.Action, mesh.Now));
        await mesh.AskAsync(new MeshRequest(new EntityId(scene.Connector.Workspace, EntityKind.Campaign, record.Campaign), said), cancel);
        return record with { Applied = scene.Wanted };
    }

    private async Task<ActuationRecord> DryAsync(Scene scene, ActuationRecord record, LiveCampaign live, PlatformChange change, CancellationToken cancel)
    {
        var planned = scene.Actuator.Apply(scene.Connector, live, change).Shown;
        if (scene.Actuator.Validate(scene.Connector, live, change) is not { } question) return record with { Planned = planned, Note = "dryRun", NextAttemptAt = null, LastError = null, Attempts = 0 };
        var reply = await api.SendAsync(scene.Connector, question, cancel);
        counts.Call(scene.Connector.Platform, "validate", reply.Result);
        record = record with { Planned = planned, Note = "dryRun", NextAttemptAt = null };
        return reply.IsDone ? record with { LastError = null, Attempts = 0 } : Failed(record, "validate", reply);
    }

    private ActuationRecord Failed(ActuationRecord record, string what, PlatformReply reply)
    {
        var now = time.GetUtcNow();
        var attempts = record.Attempts + 1;
        // Never given up: as long as the signal stands, it is wanted.
        var next = backoff.Next(now, now, attempts, reply.RetryAfter)!.Value;
        if (reply is { Result: CallResult.Throttled, RetryAfter: { } asked } && next < now + asked) next = now + asked;
        log.LogWarning("A campaign could not be steered ({What}), attempt {Attempt}: {Fault}", what, attempts, reply.Fault);
        return record with { LastError = new ActuationFault(what, reply.Result, reply.Fault, now), Attempts = attempts, NextAttemptAt = next };
    }

    private void Notice(Scene scene, ActuationMemory memory, LiveCampaign live, DateTimeOffset now)
    {
        var seen = ActuationPolicy.Observe(memory, live, now).Drift;
        if (seen is null || seen == memory.Drift) return;
        counts.Drift(scene.Connector.Platform);
        log.LogWarning("{Platform} campaign {Campaign}: {What} is {Found}, we had set {Expected}", scene.Connector.Platform, scene.Id, seen.What, seen.Found, seen.Expected);
    }

    private ValueTask KeepAsync(Connector connector, string id, ActuationRecord record, CancellationToken cancel) =>
        mesh.Journal.Rows.ApplyAsync([Documents.Row(ActuationRecord.KeyOf(connector.Workspace, connector.Id, id), record)], cancel);

    // What is accepted but never shows is written ever more rarely.
    private ActuationPolicy PolicyOf(Scene scene, int attempts)
    {
        var isShare = decimal.TryParse(scene.Connector.Map("pauseBelow"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1;
        var settle = options.CalloutRetryAfter * Math.Pow(2, Math.Clamp(attempts, 1, DoublingsMax));
        return new ActuationPolicy(scene.Actuator.Budgets, isShare ? share : 0, settle < SettleMax ? settle : SettleMax);
    }

    // A little chance, so that all campaigns are not read in one second.
    private TimeSpan ReadEvery()
    {
#pragma warning disable CA5394 // Chance against crowds, not against attackers.
        return options.ActuatorReadEvery * (0.9 + (Random.Shared.NextDouble() / 5));
#pragma warning restore CA5394
    }

    private sealed record Scene(Connector Connector, IActuator Actuator, string Id, WantedSpend Wanted);
}
