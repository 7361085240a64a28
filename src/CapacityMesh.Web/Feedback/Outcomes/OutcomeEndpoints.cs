using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>One outcome and what became of it.</summary>
internal sealed record OutcomeReply(
    string Id, string LeadId, string Campaign, string Step, string Conversion, DateTimeOffset At, Money? Value, OutcomeState State, int Attempts, DateTimeOffset? NextAttemptAt, string? Reason, DateTimeOffset? FinishedAt)
{
    public static OutcomeReply Of(OutcomeRecord record) => new(
        record.Id, record.LeadId, record.Campaign, record.Step, record.Conversion, record.At, record.Value, record.State, record.Attempts, record.FinishedAt is null ? record.Due : null, record.Reason, record.FinishedAt);
}

/// <summary>Outcomes of a connector: waiting, sent, done, skipped with a reason, and dead letters, which can be sent again.</summary>
internal sealed class OutcomeEndpoints(ConnectorBook connectors, OutcomeCourier courier, TimeProvider time) : IEndpoints
{
    private const int ScanMax = 5_000;

    public void Map(Routes routes)
    {
        routes.Get("/v1/connectors/{id}/outcomes", Access.Operator, "Outcomes for a platform, oldest lead first; state is pending, sent, done, skipped or dead", ListAsync).Asks("state", "limit", "cursor").Gives<Page<OutcomeReply>>().Refuses(404);
        routes.Post("/v1/connectors/{id}/outcomes/{outcome}/resend", Access.Operator, "Send an outcome again that was skipped or given up, under its own id", ResendAsync).Gives<OutcomeReply>().Refuses(404, 409);
    }

    private async Task ListAsync(ApiCall call)
    {
        var id = await RequireAsync(call);
        var limit = call.Number("limit", 100, 1, 500);
        OutcomeState? state = null;
        if (call.Text("state") is { } text)
        {
            state = Enum.GetValues<OutcomeState>().Cast<OutcomeState?>().FirstOrDefault(s => Wire.NameOf(s!.Value) == text)
                ?? throw new ProblemException(Problem.Invalid("state", "unknownState", "A state is pending, sent, done, skipped or dead."));
        }
        var items = new List<OutcomeReply>();
        RowKey? after = call.KeyInQuery("cursor") is { } cursor ? OutcomeRecord.KeyOf(call.Workspace, id, cursor) : null;
        var isMore = true;
        for (var scanned = 0; isMore && items.Count < limit && scanned < ScanMax; scanned += limit)
        {
            var page = await call.Mesh.Journal.Rows.ListAsync(call.Workspace, RowTables.Outcomes, id, after, limit, call.Cancel);
            isMore = page.Count == limit;
            foreach (var row in page)
            {
                after = row.Key;
                var record = System.Text.Json.JsonSerializer.Deserialize<OutcomeRecord>(row.Value.Span, Wire.Options)!;
                if (state is null || record.State == state) items.Add(OutcomeReply.Of(record));
                if (items.Count < limit) continue;
                isMore = true;
                break;
            }
        }
        await call.ReplyAsync(new Page<OutcomeReply>(items, isMore ? after?.Item : null));
    }

    private async Task ResendAsync(ApiCall call)
    {
        var id = await RequireAsync(call);
        var key = OutcomeRecord.KeyOf(call.Workspace, id, call.Key("outcome"));
        var record = await call.Mesh.Journal.Rows.ReadAsync<OutcomeRecord>(key, call.Cancel) ?? throw new ProblemException(Problem.NotFound("outcomeUnknown", "There is no such outcome."));
        if (record.State is OutcomeState.Done) throw new ProblemException(Problem.Conflict("outcomeDone", "The platform took it; it goes once."));
        if (record.FinishedAt is not null)
        {
            var now = time.GetUtcNow();
            record = record with { State = OutcomeState.Pending, Since = now, Due = now, Attempts = 0, FinishedAt = null, Receipt = null, Alone = true };
            await call.Mesh.Journal.Rows.ApplyAsync(
            [
                Documents.Row(key, record), Documents.Row(OutcomeRecord.DueKeyOf(call.Workspace, id, record.Id), new OutcomeDue(now)),
                new RowChange(OutcomeRecord.DeadKeyOf(call.Workspace, id, record.Id), null),
            ], call.Cancel);
            courier.Ring(call.Workspace, id);
        }
        await call.ReplyAsync(OutcomeReply.Of(record));
    }

    private async ValueTask<string> RequireAsync(ApiCall call)
    {
        var id = call.Key("id");
        return await connectors.ReadAsync(call.Workspace, id, call.Cancel) is not null ? id : throw new ProblemException(ConnectorEndpoints.Unknown);
    }
}
