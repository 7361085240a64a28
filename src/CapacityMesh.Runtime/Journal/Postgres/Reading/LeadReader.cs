using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Reading;

/// <summary>Reads the lead index.</summary>
internal sealed class LeadReader(Connections connections)
{
    private const string Select =
        "SELECT lead, state, stage, pool, campaign, contact, person, slot, captured_at, changed_at, closed_at, promise_broken FROM leads WHERE workspace = $1";

    /// <summary>See <see cref="IJournal.LeadsAsync"/>.</summary>
    public ValueTask<IReadOnlyList<LeadRow>> PageAsync(LeadQuery query, CancellationToken cancel)
    {
        // One text for each set of filters: 32 at most.
        var sql = Select;
        var parameters = new List<NpgsqlParameter> { Sql.Of(query.Workspace) };
        void Filter(string? value, string condition)
        {
            if (value is null) return;
            parameters.Add(Sql.Of(value));
            sql += $" AND {condition}${parameters.Count}";
        }
        Filter(query.State, "state = ");
        Filter(query.Pool, "pool = ");
        Filter(query.Campaign, "campaign = ");
        Filter(query.Person, "closed_at IS NULL AND person = ");
        Filter(query.BeforeLeadId, "lead < ");
        parameters.Add(Sql.Of((long)query.Limit));
        return connections.ListAsync($"{sql} ORDER BY lead DESC LIMIT ${parameters.Count}", row => RowOf(query.Workspace, row), cancel, [.. parameters]);
    }

    private static LeadRow RowOf(string workspace, NpgsqlDataReader row) => new(
        workspace, row.GetString(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), row.GetString(4), row.GetString(5), row.TextOrNull(6),
        row.TextOrNull(7), row.Instant(8), row.Instant(9), row.IsDBNull(10) ? null : row.Instant(10), row.GetBoolean(11));
}
