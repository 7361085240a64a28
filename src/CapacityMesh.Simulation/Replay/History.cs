using System.Globalization;
using CsvHelper;

namespace CapacityMesh.Simulation.Replay;

/// <summary>A lead that came.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When; midnight when the file knows the day only.</param>
/// <param name="Campaign">Where from; <c>unknown</c> when blank.</param>
public readonly record struct PastLead(string Id, DateTimeOffset At, string Campaign);

/// <summary>A deal that a lead became.</summary>
public readonly record struct PastDeal(string LeadId, DateTimeOffset WonAt, string Person);

/// <summary>Leads and deals as files tell them.</summary>
/// <param name="Leads">By time, then id.</param>
/// <param name="Deals">By lead id.</param>
/// <param name="DatesOnly">No lead has a time of day.</param>
/// <param name="Skipped">Rows without an id or a time.</param>
public sealed record History(IReadOnlyList<PastLead> Leads, IReadOnlyDictionary<string, PastDeal> Deals, bool DatesOnly, int Skipped)
{
    /// <summary>Rows read at most: a decade of a large funnel; bounds the memory.</summary>
    public const int RowsMax = 2_000_000;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidDataException">A column is missing, or there are too many rows.</exception>
    public static History Read(string leadsPath, string? dealsPath, ColumnMap map)
    {
        var skipped = 0;
        var leads = new List<PastLead>();
        foreach (var row in Rows(leadsPath, map.Id, map.At))
        {
            var campaign = row(map.Campaign);
            if (TryInstant(row(map.At), out var at) && row(map.Id).Length > 0) leads.Add(new PastLead(row(map.Id), at, Key(campaign)));
            else skipped++;
        }
        var deals = new Dictionary<string, PastDeal>();
        if (dealsPath is not null)
        {
            foreach (var row in Rows(dealsPath, map.Id, map.Won))
            {
                if (TryInstant(row(map.Won), out var won) && row(map.Id).Length > 0) deals[row(map.Id)] = new PastDeal(row(map.Id), won, row(map.Person));
                else skipped++;
            }
        }
        leads.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Id, b.Id));
        return new History(leads, deals, leads.All(l => l.At.TimeOfDay == TimeSpan.Zero), skipped);
    }

    private static IEnumerable<Func<string, string>> Rows(string path, params string[] required)
    {
        using var reader = CsvReader.FromFile(path, new CsvReaderOptions { HasHeader = true, TrimWhitespace = true });
        foreach (var column in required)
        {
            if (!reader.TryGetFieldIndex(column, out _)) throw new InvalidDataException($"{Path.GetFileName(path)} has no column '{column}'.");
        }
        for (var rows = 0; reader.Read(); rows++)
        {
            if (rows >= RowsMax) throw new InvalidDataException($"{Path.GetFileName(path)} has more than {RowsMax} rows.");
            yield return column => reader.TryGetFieldIndex(column, out var index) ? reader.GetString(index) : "";
        }
    }

    private static bool TryInstant(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);

    private static string Key(string campaign)
    {
        var key = new string([.. campaign.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':').Take(64)]);
        return key.Length == 0 ? "unknown" : key;
    }
}
