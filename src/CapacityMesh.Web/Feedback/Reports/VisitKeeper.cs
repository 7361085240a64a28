using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Projections;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>
/// Lets go of visits that no report can ask for any more, and of visitors who have not been seen for long: nothing is kept of people who never asked
/// longer than it serves. A little at a time, so that whoever writes meanwhile is not kept waiting.
/// </summary>
internal sealed class VisitKeeper(IMesh mesh, Workspaces workspaces, IDuty duty, TimeProvider time, ILogger<VisitKeeper> log) : BackgroundService
{
    /// <summary>Days that visits are kept: as long as the longest report.</summary>
    public const int VisitDays = ReportRange.DaysMax;

    /// <summary>Days that a visitor's touches are kept after the last: whoever asks later than that is not counted to a campaign of before.</summary>
    public const int VisitorDays = 90;

    private const int PageMax = 1_000;
    private const int WorkspacesPageMax = 500;
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    /// <summary>Lets go of all that is too old in a workspace; how many rows went.</summary>
    public async Task<int> PruneAsync(string workspace, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var oldest = LeadFacts.DayOf(now.AddDays(-VisitDays));
        var gone = await DaysAsync(workspace, RowTables.Visits, oldest, cancel);
        gone += await DaysAsync(workspace, RowTables.VisitLeads, oldest, cancel);
        return gone + await VisitorsAsync(workspace, now.AddDays(-VisitorDays), cancel);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (duty.IsMine) await AllAsync(stoppingToken);
                await Task.Delay(LookEvery, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.LogError("Old visits could not be deleted: {Fault}", fault.GetType().FullName);
                await Task.Delay(LookEvery, time, CancellationToken.None).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AllAsync(CancellationToken cancel)
    {
        string? after = null;
        while (true)
        {
            var page = await workspaces.ListAsync(after, WorkspacesPageMax, cancel);
            foreach (var (id, _) in page) await PruneAsync(id, cancel);
            if (page.Count < WorkspacesPageMax) return;
            after = page[^1].Key;
        }
    }

    // Keys are days: the oldest come first.
    private async Task<int> DaysAsync(string workspace, string table, string oldest, CancellationToken cancel)
    {
        var gone = 0;
        while (true)
        {
            var page = await mesh.Journal.Rows.ListAsync(workspace, table, null, null, PageMax, cancel);
            RowChange[] old = [.. page.TakeWhile(r => string.CompareOrdinal(r.Key.Key, oldest) < 0).Select(r => new RowChange(r.Key, null))];
            if (old.Length > 0) await mesh.Journal.Rows.ApplyAsync(old, cancel);
            gone += old.Length;
            if (old.Length < PageMax) return gone;
        }
    }

    private async Task<int> VisitorsAsync(string workspace, DateTimeOffset oldest, CancellationToken cancel)
    {
        var gone = 0;
        RowKey? after = null;
        while (true)
        {
            var page = await mesh.Journal.Rows.ListAsync(workspace, RowTables.Visitors, null, after, PageMax, cancel);
            RowChange[] old = [.. page.Where(r => Documents.Read<VisitorRecord>(r).Touches.All(t => t.At < oldest)).Select(r => new RowChange(r.Key, null))];
            if (old.Length > 0) await mesh.Journal.Rows.ApplyAsync(old, cancel);
            gone += old.Length;
            if (page.Count < PageMax) return gone;
            after = page[^1].Key;
        }
    }
}
