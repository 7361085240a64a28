using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>Reads the lead index.</summary>
internal sealed class LeadReader(Database database) : IDisposable
{
    private const string Select =
        """
        SELECT lead, state, stage, pool, campaign, contact, person, slot, captured_at, changed_at, closed_at, promise_broken
        FROM leads
        """;

    // One statement for each set of filters that was ever asked for: 32 at most.
    private readonly Dictionary<int, Statement> statements = [];

    /// <summary>See <see cref="IJournal.LeadsAsync"/>.</summary>
    public IReadOnlyList<LeadRow> Page(LeadQuery query)
    {
        var statement = StatementFor(query).Bind(1, query.Workspace).Bind(2, query.Limit);
        if (query.State is { } state) statement.Bind(3, state);
        if (query.Pool is { } pool) statement.Bind(4, pool);
        if (query.Campaign is { } campaign) statement.Bind(5, campaign);
        if (query.Person is { } person) statement.Bind(6, person);
        if (query.BeforeLeadId is { } before) statement.Bind(7, before);
        var page = new List<LeadRow>();
        while (statement.Step()) page.Add(RowOf(query.Workspace, statement));
        return page;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in statements.Values) statement.Dispose();
    }

    private Statement StatementFor(LeadQuery query)
    {
        (bool IsSet, string Sql)[] filters =
        [
            (query.State is not null, " AND state = ?3"),
            (query.Pool is not null, " AND pool = ?4"),
            (query.Campaign is not null, " AND campaign = ?5"),
            (query.Person is not null, " AND person = ?6 AND closed_at IS NULL"),
            (query.BeforeLeadId is not null, " AND lead < ?7"),
        ];
        var set = 0;
        for (var i = 0; i < filters.Length; i++) set |= filters[i].IsSet ? 1 << i : 0;
        if (statements.TryGetValue(set, out var statement)) return statement;
        var where = string.Concat(filters.Where(filter => filter.IsSet).Select(filter => filter.Sql));
        return statements[set] = database.Prepare($"{Select} {IndexFor(query)} WHERE workspace = ?1{where} ORDER BY lead DESC LIMIT ?2");
    }

    // Left to itself the planner walks the primary key, since it has the order: a million leads for a filter that few of them pass.
    private static string IndexFor(LeadQuery query) => query switch
    {
        { Person: not null } => "INDEXED BY leads_person",
        { Pool: not null } => "INDEXED BY leads_pool",
        { State: not null } => "INDEXED BY leads_state",
        { Campaign: not null } => "INDEXED BY leads_campaign",
        _ => "",
    };

    private static LeadRow RowOf(string workspace, Statement row) => new(
        workspace, row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3), row.Text(4), row.Text(5), row.TextOrNull(6), row.TextOrNull(7),
        row.Instant(8), row.Instant(9), row.InstantOrNull(10), row.Long(11) == 1);
}
