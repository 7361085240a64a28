using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;
using CapacityMesh.Web.Feedback.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace CapacityMesh.Web.Tests;

// Goal: nothing is kept of visitors longer than it serves, and nothing younger goes with it.
// Method: visits over HTTP on a clock that goes only when told to; rows counted in the journal, reports read over HTTP.
public sealed class VisitKeeperTests : IAsyncLifetime
{
    private readonly ManualTime time = new();
    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartAsync(time: time);
        admin = server.Client();
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"google"}""");
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    private async Task VisitAsync(string visitor) => await admin.PostOk("/v1/signals", $$"""{"visitor":"{{visitor}}","kind":"pageVisit","campaign":"spring","landingPage":"https://example.com/offer"}""");

    private Task<int> PruneAsync() => server.Services.GetRequiredService<VisitKeeper>().PruneAsync("default", CancellationToken.None);

    private async Task<int> RowsAsync(string table) => (await server.Mesh.Journal.Rows.ListAsync("default", table, null, null, 5_000, CancellationToken.None)).Count;

    private async Task<int> VisitorsReportedAsync() =>
        (await admin.GetOk($"/v1/reports/funnel?from={time.GetUtcNow().AddDays(-399):yyyy-MM-dd}")).GetProperty("signals").EnumerateArray().Sum(s => s.GetProperty("visitors").GetInt32());

    [Fact]
    public async Task A_visit_is_kept_as_long_as_a_report_can_ask_for_it_and_no_longer()
    {
        await VisitAsync("visitor-1");
        await admin.PostOk("/v1/leads", """{"campaign":"spring","contact":{"email":"a@example.com"},"touch":{"visitor":"visitor-1"}}""", System.Net.HttpStatusCode.Created);
        time.Advance(TimeSpan.FromDays(399));
        await VisitAsync("visitor-2");
        Assert.Equal(0, await PruneAsync());
        Assert.Equal(2, await VisitorsReportedAsync());
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await PruneAsync());
        Assert.Equal((1, 0, 1), (await RowsAsync(RowTables.Visits), await RowsAsync(RowTables.VisitLeads), await RowsAsync(RowTables.Visitors)));
        Assert.Equal(1, await VisitorsReportedAsync());
    }

    [Fact]
    public async Task Whoever_comes_again_is_remembered_from_the_last_visit()
    {
        await VisitAsync("comes-once");
        await VisitAsync("comes-again");
        time.Advance(TimeSpan.FromDays(60));
        await VisitAsync("comes-again");
        time.Advance(TimeSpan.FromDays(60));
        Assert.Equal(1, await PruneAsync());
        Assert.Equal(1, await RowsAsync(RowTables.Visitors));
        // What they saw is counted still.
        Assert.Equal(3, await RowsAsync(RowTables.Visits));
    }

    [Fact]
    public async Task More_than_one_page_goes_and_the_other_workspaces_stay()
    {
        var rows = Enumerable.Range(0, 2_500).Select(i => new RowChange(new RowKey("default", RowTables.Visits, "2025-01-01", $"v{i:D4}.x"), "{}"u8.ToArray())).ToArray();
        await server.Mesh.Journal.Rows.ApplyAsync([.. rows, new RowChange(new RowKey("other", RowTables.Visits, "2025-01-01", "v.x"), "{}"u8.ToArray())], CancellationToken.None);
        await VisitAsync("visitor-1");
        Assert.Equal(2_500, await PruneAsync());
        Assert.Equal(1, await RowsAsync(RowTables.Visits));
        Assert.NotNull(await server.Mesh.Journal.Rows.GetAsync(new RowKey("other", RowTables.Visits, "2025-01-01", "v.x"), CancellationToken.None));
    }
}
