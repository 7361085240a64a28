using System.Globalization;
using System.Text;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>A table as RFC 4180 text. A text that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
internal sealed class CsvTable(params string[] columns)
{
    private readonly StringBuilder text = new StringBuilder().AppendJoin(',', columns).Append("\r\n");

    /// <summary>Whether the caller wants a table rather than JSON.</summary>
    /// <exception cref="ProblemException">It wants something else.</exception>
    public static bool IsAskedFor(ApiCall call) => call.Text("format") switch
    {
        null => call.Http.Request.Headers.Accept.Any(a => a?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true),
        "json" => false,
        "csv" => true,
        _ => throw new ProblemException(Problem.Invalid("format", "unknownFormat", "A format is json or csv.")),
    };

    /// <summary>Adds a row: texts, numbers, durations (in seconds), or null for an empty cell.</summary>
    public CsvTable Add(params object?[] cells)
    {
        text.AppendJoin(',', cells.Select(CellOf)).Append("\r\n");
        return this;
    }

    /// <summary>The whole text.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Replies with it, as a file of that name.</summary>
    public async Task ReplyAsync(ApiCall call, string name)
    {
        var response = call.Http.Response;
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}.csv\"";
        await response.WriteAsync(ToString(), call.Cancel);
    }

    private static string CellOf(object? cell) => cell switch
    {
        null => "",
        TimeSpan span => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        string word => Quote(Harmless(word)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell holds no {cell.GetType().Name}."),
    };

    private static string Harmless(string word) => word.Length > 0 && word[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠' ? "'" + word : word;

    private static string Quote(string word) => word.AsSpan().IndexOfAny(",\"\r\n") < 0 ? word : $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
