namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>The lead index.</summary>
internal sealed class MemoryLeads
{
    private readonly Dictionary<string, Index> workspaces = [];

    /// <summary>Puts each row in place of the stored one.</summary>
    public void Apply(CommitBatch batch)
    {
        foreach (var lead in batch.Leads)
        {
            if (!workspaces.TryGetValue(lead.Workspace, out var index)) workspaces.Add(lead.Workspace, index = new Index());
            if (!index.Rows.ContainsKey(lead.LeadId)) index.Order.Add(lead.LeadId);
            index.Rows[lead.LeadId] = lead;
        }
    }

    /// <summary>See <see cref="IJournal.LeadsAsync"/>.</summary>
    public IReadOnlyList<LeadRow> Find(LeadQuery query)
    {
        var page = new List<LeadRow>();
        if (!workspaces.TryGetValue(query.Workspace, out var index)) return page;
        var end = query.BeforeLeadId is { } before ? index.Order.IndexFrom(before) : index.Order.Count;
        for (var i = end - 1; i >= 0 && page.Count < query.Limit; i--)
        {
            var row = index.Rows[index.Order[i]];
            if (Matches(query, row)) page.Add(row);
        }
        return page;
    }

    // A salesperson's filter shows open work: what they closed is history, not work.
    private static bool Matches(LeadQuery query, LeadRow row) =>
        (query.State is null || row.State == query.State)
        && (query.Pool is null || row.Pool == query.Pool)
        && (query.Campaign is null || row.Campaign == query.Campaign)
        && (query.Person is null || (row.Person == query.Person && row.ClosedAt is null));

    private sealed class Index
    {
        public Dictionary<string, LeadRow> Rows { get; } = [];
        public OrderedKeys Order { get; } = new();
    }
}
