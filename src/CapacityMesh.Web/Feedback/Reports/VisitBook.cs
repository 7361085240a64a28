using System.Buffers.Text;
using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Projections;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>A visitor saw a page on a day.</summary>
internal sealed record VisitRecord(string Visitor, string Campaign, string LandingPage);

/// <summary>A visitor became a lead.</summary>
internal sealed record VisitLead(DateTimeOffset At);

/// <summary>What reached a visitor before anybody knew who they are.</summary>
internal sealed record VisitorRecord(ImmutableArray<Touch> Touches);

/// <summary>
/// Visits that were no request: the top of the funnel. Visitors are keyed hashes, so that a row names nobody; a visitor, a page and a campaign on one
/// day are one row, however often they come.
/// </summary>
internal sealed class VisitBook(IMesh mesh, FactReader reader, WorkspaceSecrets secrets) : IDisposable
{
    private const int RowsShown = 500;
    private const int PageLengthMax = 200;
    private const int SegmentLengthMax = 64;
    private const string NoPage = "";
    // Two visits of one person at once must not forget each other's touch.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>A visitor as rows know them.</summary>
    public async ValueTask<string> HashOfAsync(string workspace, string visitor, CancellationToken cancel) =>
        Base64Url.EncodeToString((await secrets.DeriveAsync(workspace, "visitor", visitor, cancel)).AsSpan(0, 16));

    /// <summary>A known person as rows know them.</summary>
    public ValueTask<string> HashOfContactAsync(string workspace, string contact, CancellationToken cancel) => HashOfAsync(workspace, $"contact:{contact}", cancel);

    /// <summary>Notes a visit; with the name of a touch also what reached the visitor, for the lead that they may become.</summary>
    public async Task NoteAsync(string workspace, string visitor, string? campaign, string? landingPage, string? touch, DateTimeOffset at, CancellationToken cancel)
    {
        var visit = new VisitRecord(visitor, campaign ?? Submission.Unattributed, PageOf(landingPage));
        var what = Base64Url.EncodeToString((await secrets.DeriveAsync(workspace, "page", $"{visit.Campaign}\n{visit.LandingPage}", cancel)).AsSpan(0, 9));
        var row = Documents.Row(new RowKey(workspace, RowTables.Visits, LeadFacts.DayOf(at), $"{visitor}.{what}"), visit);
        if (campaign is null || touch is null)
        {
            await mesh.Journal.Rows.ApplyAsync([row], cancel);
            return;
        }
        var turn = turns[(int)(Core.Kernel.StableHash.Of(visitor) % 64)];
        await turn.WaitAsync(cancel);
        try
        {
            var key = VisitorKey(workspace, visitor);
            var known = await mesh.Journal.Rows.ReadAsync<VisitorRecord>(key, cancel) ?? new VisitorRecord([]);
            await mesh.Journal.Rows.ApplyAsync([row, Documents.Row(key, new VisitorRecord(known.Touches.Plus(new Touch(campaign, at, touch))))], cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What reached a visitor so far, oldest first.</summary>
    public async ValueTask<ImmutableArray<Touch>> TouchesOfAsync(string workspace, string visitor, CancellationToken cancel) =>
        (await mesh.Journal.Rows.ReadAsync<VisitorRecord>(VisitorKey(workspace, visitor), cancel))?.Touches ?? [];

    /// <summary>The rows that say that a visitor has asked: their touches are the lead's from now on.</summary>
    public static IEnumerable<RowChange> BecameLead(string workspace, string visitor, DateTimeOffset at) =>
    [
        Documents.Row(new RowKey(workspace, RowTables.VisitLeads, LeadFacts.DayOf(at), visitor), new VisitLead(at)),
        new RowChange(VisitorKey(workspace, visitor), null),
    ];

    /// <summary>Who saw what in a range, and how many of them have asked since; the busiest first.</summary>
    public async Task<IReadOnlyList<SignalRow>> ReportAsync(string workspace, ReportRange range, CancellationToken cancel)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var seen = new Dictionary<(string Campaign, string Page), (int Visits, HashSet<string> Visitors)>();
        await foreach (var row in reader.DaysAsync(workspace, RowTables.Visits, range.FirstDay, range.LastDay, cancel))
        {
            var visit = System.Text.Json.JsonSerializer.Deserialize<VisitRecord>(row.Value.Span, Json.Wire.Options)!;
            var place = (visit.Campaign, visit.LandingPage);
            var (visits, visitors) = seen.TryGetValue(place, out var known) ? known : (0, new HashSet<string>(StringComparer.Ordinal));
            visitors.Add(visit.Visitor);
            seen[place] = (visits + 1, visitors);
        }
        if (seen.Count == 0) return [];
        // Whoever saw it in the range may have asked any time since.
        await foreach (var row in reader.DaysAsync(workspace, RowTables.VisitLeads, range.FirstDay, last: null, cancel)) asked.Add(row.Key.Item);
        return [.. seen
            .Select(s => (s.Key, s.Value, Became: s.Value.Visitors.Count(asked.Contains)))
            .Select(s => new SignalRow(s.Key.Campaign, s.Key.Page, s.Value.Visits, s.Value.Visitors.Count, s.Became, s.Value.Visitors.Count - s.Became))
            .OrderByDescending(s => s.NeverAsked).ThenBy(s => s.Campaign, StringComparer.Ordinal).ThenBy(s => s.LandingPage, StringComparer.Ordinal).Take(RowsShown)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in turns) turn.Dispose();
    }

    /// <summary>Host and path alone: queries carry click ids, and now and then a person.</summary>
    public static string PageOf(string? landingPage)
    {
        if (string.IsNullOrWhiteSpace(landingPage)) return NoPage;
        var isWhole = Uri.TryCreate(landingPage, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        var path = isWhole ? url!.IdnHost.ToLowerInvariant() + url.AbsolutePath : landingPage.Split('?', '#')[0];
        var page = string.Join('/', path.Split('/').Select(s => s.Length > SegmentLengthMax || s.Contains('@') || s.Contains("%40", StringComparison.Ordinal) ? "*" : s)).TrimEnd('/');
        return page.Length <= PageLengthMax ? page : page[..PageLengthMax];
    }

    private static RowKey VisitorKey(string workspace, string visitor) => new(workspace, RowTables.Visitors, visitor);
}
