using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Projections;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>Reads what reports are made of: rows by day, so that a report costs what its range holds and nothing else.</summary>
internal sealed class FactReader(IMesh mesh)
{
    /// <summary>Rows of one report: some hundred bytes each, a second or two to read.</summary>
    public const int RowsMax = 200_000;

    private const int PageMax = 2_000;

    /// <summary>The leads of a range, by day and id.</summary>
    /// <exception cref="ProblemException">There are too many.</exception>
    public async Task<List<LeadFact>> LeadsAsync(string workspace, ReportRange range, CancellationToken cancel)
    {
        var leads = new List<LeadFact>();
        await foreach (var row in DaysAsync(workspace, RowTables.LeadFacts, range.FirstDay, range.LastDay, cancel))
        {
            var lead = LeadFacts.Read(row.Value);
            if (range.Holds(lead.OccurredAt)) leads.Add(lead);
        }
        return leads;
    }

    /// <summary>The rows of a table whose key is a day, from one day to another, both included.</summary>
    /// <exception cref="ProblemException">There are too many.</exception>
    public async IAsyncEnumerable<StoredRow> DaysAsync(
        string workspace, string table, string first, string? last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var count = 0;
        RowKey? after = new RowKey(workspace, table, first);
        while (true)
        {
            var page = await mesh.Journal.Rows.ListAsync(workspace, table, null, after, PageMax, cancel);
            foreach (var row in page)
            {
                if (last is not null && string.CompareOrdinal(row.Key.Key, last) > 0) yield break;
                if (++count > RowsMax) throw new ProblemException(Problem.Invalid("from", "rangeTooLarge", "The range holds more than 200,000 rows; ask for a shorter one."));
                yield return row;
            }
            if (page.Count < PageMax) yield break;
            after = page[^1].Key;
        }
    }
}
