using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>How often one thing happened to what came through a connector.</summary>
internal sealed record CaptureNote(long Count, DateTimeOffset LastAt);

/// <summary>
/// What came through each connector, for the audit: a line for every result, kept beyond a restart. Gathered in memory and written every few seconds, so
/// that a flood of wrong signatures costs a row a connector, not a row each.
/// </summary>
internal sealed class CaptureNotes(IMesh mesh, TimeProvider time, ILogger<CaptureNotes> log) : BackgroundService
{
    private const int PendingMax = 10_000;
    private const int NotesPerConnectorMax = 100;
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Workspace, string Connector, CaptureResult Result), CaptureNote> pending = new();
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Notes one.</summary>
    public void Note(Connector connector, CaptureResult result)
    {
        var key = (connector.Workspace, connector.Id, result);
        // Connectors are described by operators; beyond so many at once, the metric still counts.
        if (pending.Count >= PendingMax && !pending.ContainsKey(key)) return;
        var now = mesh.Now;
        pending.AddOrUpdate(key, _ => new CaptureNote(1, now), (_, note) => new CaptureNote(note.Count + 1, now));
    }

    /// <summary>The lines of a connector so far.</summary>
    public async Task<IReadOnlyList<(string Result, CaptureNote Note)>> OfAsync(string workspace, string connector, CancellationToken cancel)
    {
        await WriteAsync(cancel);
        var rows = await mesh.Journal.Rows.ListAsync(workspace, RowTables.CaptureNotes, connector, null, NotesPerConnectorMax, cancel);
        return [.. rows.Select(r => (r.Key.Item, System.Text.Json.JsonSerializer.Deserialize<CaptureNote>(r.Value.Span, Json.Wire.Options)!))];
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        turn.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(WriteEvery, time, stoppingToken);
                await WriteAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.LogError("Lines of the audit could not be written: {Fault}", fault.GetType().FullName);
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        if (pending.IsEmpty) return;
        await turn.WaitAsync(cancel);
        var taken = new List<((string Workspace, string Connector, CaptureResult Result) Key, CaptureNote Note)>();
        try
        {
            foreach (var key in pending.Keys)
            {
                if (pending.TryRemove(key, out var note)) taken.Add((key, note));
            }
            var rows = new List<RowChange>();
            foreach (var (key, note) in taken)
            {
                var row = new RowKey(key.Workspace, RowTables.CaptureNotes, key.Connector, Json.Wire.NameOf(key.Result));
                var before = await mesh.Journal.Rows.ReadAsync<CaptureNote>(row, cancel);
                rows.Add(Documents.Row(row, note with { Count = note.Count + (before?.Count ?? 0) }));
            }
            if (rows.Count > 0) await mesh.Journal.Rows.ApplyAsync(rows, cancel);
        }
        catch
        {
            foreach (var (key, note) in taken) pending.AddOrUpdate(key, note, (_, newer) => newer with { Count = newer.Count + note.Count });
            throw;
        }
        finally
        {
            turn.Release();
        }
    }
}
