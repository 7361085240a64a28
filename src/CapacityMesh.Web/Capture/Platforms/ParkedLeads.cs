using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>A platform's lead that could not be fetched for three days.</summary>
/// <param name="Connector">Through whom it came.</param>
/// <param name="Id">Its place here; name it to have it fetched again.</param>
/// <param name="PlatformLead">The platform's own id of it.</param>
/// <param name="IsRetraction">The platform took it back.</param>
/// <param name="Since">When we heard of it.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record ParkedLead(string Connector, string Id, string PlatformLead, bool IsRetraction, DateTimeOffset Since, int Attempts);

/// <summary>Leads of which a platform told us and that we gave up fetching: listed, and fetched again when an operator says so.</summary>
internal sealed class ParkedLeads(IMesh mesh, ConnectorBook book, FetchQueue queue, TimeProvider time) : IEndpoints
{
    private const int ListMax = 500;

    public void Map(Routes routes)
    {
        routes.Get("/v1/connectors/{id}/parked", Access.Operator, "Leads that a platform told us of and that could not be fetched", ListAsync).Asks("limit", "cursor").Gives<Page<ParkedLead>>().Refuses(404);
        routes.Post("/v1/connectors/{id}/parked/{lead}/retry", Access.Operator, "Fetch one again, for three more days", RetryAsync).GivesNothing(StatusCodes.Status202Accepted).Refuses(404, 503);
    }

    /// <summary>How many stand in some connectors; counted up to 500 of each.</summary>
    public async ValueTask<int> CountAsync(IReadOnlyList<ConnectorRecord> connectors, CancellationToken cancel)
    {
        var count = 0;
        foreach (var connector in connectors) count += (await mesh.Journal.Rows.ListAsync(KeyRing.Directory, RowTables.CaptureParked, connector.Id, null, ListMax, cancel)).Count;
        return count;
    }

    private async Task ListAsync(ApiCall call)
    {
        var id = await RequireAsync(call);
        var limit = call.Number("limit", 100, 1, ListMax);
        RowKey? after = call.KeyInQuery("cursor") is { } cursor ? RowOf(id, cursor) : null;
        var rows = await mesh.Journal.Rows.ListAsync(KeyRing.Directory, RowTables.CaptureParked, id, after, limit, call.Cancel);
        ParkedLead[] items = [.. rows.Select(r => (r.Key.Item, Job: System.Text.Json.JsonSerializer.Deserialize<FetchJob>(r.Value.Span, Json.Wire.Options)!))
            .Select(r => new ParkedLead(id, r.Item, r.Job.LeadId, r.Job.IsRetraction, r.Job.Since, r.Job.Attempts))];
        await call.ReplyAsync(new Page<ParkedLead>(items, rows.Count == limit ? rows[^1].Key.Item : null));
    }

    private async Task RetryAsync(ApiCall call)
    {
        var id = await RequireAsync(call);
        var row = RowOf(id, call.Key("lead"));
        var job = await mesh.Journal.Rows.ReadAsync<FetchJob>(row, call.Cancel) ?? throw new ProblemException(Problem.NotFound("parkedLeadUnknown", "There is no such lead."));
        var now = time.GetUtcNow();
        // First in the queue, then out of here: a fall between the two fetches it twice, and the intake takes it once.
        await queue.AddAsync([job with { Since = now, Due = now, Attempts = 0 }], call.Cancel);
        await mesh.Journal.Rows.ApplyAsync([new RowChange(row, null)], call.Cancel);
        call.Http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async ValueTask<string> RequireAsync(ApiCall call)
    {
        var id = call.Key("id");
        return await book.ReadAsync(call.Workspace, id, call.Cancel) is null ? throw new ProblemException(ConnectorEndpoints.Unknown) : id;
    }

    private static RowKey RowOf(string connector, string item) => new(KeyRing.Directory, RowTables.CaptureParked, connector, item);
}
