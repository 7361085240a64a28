using System.Globalization;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Routing;

/// <summary>The forecasts that were written down: one row a day beside the events, on every kind of journal.</summary>
internal sealed class ForecastBook(IMesh mesh)
{
    /// <summary>Days kept: half a year is enough to score, and a page to read.</summary>
    public const int DaysKept = 190;

    /// <summary>The day that an instant belongs to.</summary>
    public static string DayOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Whether the day's forecast is written.</summary>
    public async ValueTask<bool> HasAsync(string workspace, DateTimeOffset at, CancellationToken cancel) =>
        await mesh.Journal.Rows.GetAsync(RowOf(workspace, DayOf(at)), cancel) is not null;

    /// <summary>Writes the day's forecast, and lets go of what is older than is kept.</summary>
    public async ValueTask WriteAsync(string workspace, ForecastRecord record, CancellationToken cancel)
    {
        var changes = new List<RowChange> { Documents.Row(RowOf(workspace, DayOf(record.At)), record) };
        var oldest = DayOf(record.At.AddDays(-DaysKept));
        foreach (var row in await mesh.Journal.Rows.ListAsync(workspace, RowTables.Forecasts, null, null, DaysKept, cancel))
        {
            if (string.CompareOrdinal(row.Key.Key, oldest) <= 0) changes.Add(new RowChange(row.Key, null));
        }
        await mesh.Journal.Rows.ApplyAsync(changes, cancel);
    }

    /// <summary>All of them, oldest first.</summary>
    public async ValueTask<IReadOnlyList<ForecastRecord>> ReadAsync(string workspace, CancellationToken cancel) =>
        [.. (await mesh.Journal.Rows.ListAsync<ForecastRecord>(workspace, RowTables.Forecasts, "", null, DaysKept + 1, cancel)).Select(r => r.Value)];

    private static RowKey RowOf(string workspace, string day) => new(workspace, RowTables.Forecasts, day);
}
