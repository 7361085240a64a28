using System.Threading.Channels;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>
/// Sends one connector's outcomes: those that are due, by conversion, in batches. What a batch brought is written down before the next; should we fall
/// over between the two, the same goes out again under the same id, which the platform ignores. A batch that is refused goes again one by one.
/// </summary>
internal sealed class OutcomeSender(
    string workspace, string connectorId, IMesh mesh, ConnectorBook connectors, PlatformApi api, OutcomePacker packer, IReadOnlyDictionary<Platform, IOutcomeUploader> uploaders,
    ActuatorCounts counts, Backoff backoff, TimeProvider time, ILogger log)
{
    private const int PageMax = 500;
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(5);
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There is something to send.</summary>
    public void Ring() => bell.Writer.TryWrite(true);

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var due = await OnceAsync(stop);
                var pause = due - time.GetUtcNow();
                if (pause <= TimeSpan.Zero) continue;
                using var alarm = new CancellationTokenSource(pause, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, alarm.Token);
                try
                {
                    await bell.Reader.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // It is time.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is left stands in its rows.
        }
    }

    private async Task<DateTimeOffset> OnceAsync(CancellationToken cancel)
    {
        var next = time.GetUtcNow() + LookAgainEvery;
        try
        {
            if (await connectors.FindAsync(connectorId, cancel) is not { } connector || !uploaders.TryGetValue(connector.Platform, out var uploader)) return next;
            RowKey? after = null;
            while (true)
            {
                var page = await mesh.Journal.Rows.ListAsync(workspace, RowTables.OutcomesDue, connectorId, after, PageMax, cancel);
                var due = new List<OutcomeRecord>();
                foreach (var row in page)
                {
                    after = row.Key;
                    var at = System.Text.Json.JsonSerializer.Deserialize<OutcomeDue>(row.Value.Span, Json.Wire.Options)!.Due;
                    if (at > time.GetUtcNow()) next = at < next ? at : next;
                    else if (await mesh.Journal.Rows.ReadAsync<OutcomeRecord>(row.Key with { Table = RowTables.Outcomes }, cancel) is { } record) due.Add(record);
                }
                foreach (var changed in await WorkAsync(connector, uploader, due, cancel))
                {
                    if (changed.FinishedAt is null && changed.Due < next) next = changed.Due;
                }
                if (page.Count < PageMax) return next;
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError("Outcomes could not be sent: {Fault}", fault.GetType().FullName);
            return time.GetUtcNow() + TimeSpan.FromSeconds(5);
        }
    }

    private async Task<List<OutcomeRecord>> WorkAsync(Connector connector, IOutcomeUploader uploader, List<OutcomeRecord> due, CancellationToken cancel)
    {
        var changed = new List<OutcomeRecord>();
        foreach (var asked in due.Where(d => d.State is OutcomeState.Sent).GroupBy(d => d.Receipt!))
        {
            changed.AddRange(await AskAsync(connector, uploader, [.. asked], cancel));
        }
        foreach (var group in due.Where(d => d.State is OutcomeState.Pending).GroupBy(d => (d.Conversion, Alone: d.Alone ? d.Id : "")))
        {
            foreach (var batch in group.Chunk(uploader.BatchMax)) changed.AddRange(await SendAsync(connector, uploader, group.Key.Conversion, batch, cancel));
        }
        return changed;
    }

    private async Task<List<OutcomeRecord>> SendAsync(Connector connector, IOutcomeUploader uploader, string conversion, OutcomeRecord[] batch, CancellationToken cancel)
    {
        var after = new List<OutcomeRecord>(batch.Length);
        var ready = new List<ReadyOutcome>(batch.Length);
        var missing = uploader.Missing(connector);
        foreach (var record in batch)
        {
            if (missing is not null)
            {
                after.Add(Later(record, $"missing {missing}", null));
                continue;
            }
            var (packed, reason) = await packer.PackAsync(connector, uploader, record, mesh.Now, cancel);
            if (packed is not null) ready.Add(packed);
            else after.Add(Finished(record, OutcomeState.Skipped, reason));
        }
        if (ready.Count > 0)
        {
            var reply = await api.SendAsync(connector, uploader.Send(connector, conversion, ready), cancel);
            counts.Call(connector.Platform, "outcomes", reply.Result);
            var verdicts = uploader.Understand(ready, reply);
            for (var i = 0; i < ready.Count; i++) after.Add(Judge(ready[i].Record, verdicts[i], ready.Count > 1 && verdicts.All(v => v.State is OutcomeState.Dead)));
        }
        await KeepAsync(connector.Platform, after, cancel);
        return after;
    }

    private async Task<List<OutcomeRecord>> AskAsync(Connector connector, IOutcomeUploader uploader, OutcomeRecord[] sent, CancellationToken cancel)
    {
        var reply = uploader.Ask(connector, sent[0].Receipt!) is { } question ? await api.SendAsync(connector, question, cancel) : new PlatformReply(CallResult.Done);
        var verdict = uploader.Result(reply);
        var after = sent.Select(s => verdict.State is OutcomeState.Pending
            ? Later(s, verdict.Reason, verdict.RetryAfter) is { State: OutcomeState.Pending } waits ? waits with { State = OutcomeState.Sent } : Finished(s, OutcomeState.Dead, verdict.Reason)
            : Judge(s, verdict, sent.Length > 1 && verdict.State is OutcomeState.Dead)).ToList();
        await KeepAsync(connector.Platform, after, cancel);
        return after;
    }

    // All refused together: one of them may be to blame for the others.
    private OutcomeRecord Judge(OutcomeRecord record, UploadVerdict verdict, bool isTogether) => verdict.State switch
    {
        OutcomeState.Pending => Later(record, verdict.Reason, verdict.RetryAfter),
        OutcomeState.Sent => record with { State = OutcomeState.Sent, Receipt = verdict.Receipt, Attempts = 0, Since = time.GetUtcNow(), Due = time.GetUtcNow() + (verdict.RetryAfter ?? TimeSpan.Zero), Reason = null },
        OutcomeState.Dead when isTogether => record with { State = OutcomeState.Pending, Alone = true, Receipt = null, Reason = verdict.Reason, Due = time.GetUtcNow() },
        _ => Finished(record, verdict.State, verdict.Reason),
    };

    private OutcomeRecord Later(OutcomeRecord record, string? reason, TimeSpan? retryAfter)
    {
        var now = time.GetUtcNow();
        return backoff.Next(now, record.Since, record.Attempts + 1, retryAfter) is { } next
            ? record with { Attempts = record.Attempts + 1, Due = next, Reason = reason }
            : Finished(record, OutcomeState.Dead, reason);
    }

    private OutcomeRecord Finished(OutcomeRecord record, OutcomeState state, string? reason) => record with { State = state, Reason = reason, FinishedAt = time.GetUtcNow() };

    private async ValueTask KeepAsync(Platform platform, List<OutcomeRecord> records, CancellationToken cancel)
    {
        var rows = new List<RowChange>();
        foreach (var record in records)
        {
            var due = OutcomeRecord.DueKeyOf(workspace, connectorId, record.Id);
            rows.Add(Documents.Row(OutcomeRecord.KeyOf(workspace, connectorId, record.Id), record));
            rows.Add(record.FinishedAt is null ? Documents.Row(due, new OutcomeDue(record.Due)) : new RowChange(due, null));
            if (record.State is OutcomeState.Dead) rows.Add(Documents.Row(OutcomeRecord.DeadKeyOf(workspace, connectorId, record.Id), new OutcomeDead(record.Reason, time.GetUtcNow())));
            counts.Outcome(platform, record.FinishedAt is null && record.State is OutcomeState.Pending ? "later" : Json.Wire.NameOf(record.State));
        }
        if (rows.Count > 0) await mesh.Journal.Rows.ApplyAsync(rows, cancel);
    }
}
