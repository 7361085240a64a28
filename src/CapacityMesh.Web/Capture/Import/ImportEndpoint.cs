using System.Text;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Import;

/// <summary>A record that became no lead.</summary>
/// <param name="Line">The line it begins on, from 1: the heading's is 1.</param>
/// <param name="Field">What is wrong with it.</param>
/// <param name="Code">Typed reason.</param>
/// <param name="Text">One sentence.</param>
internal sealed record ImportError(int Line, string Field, string Code, string Text);

/// <summary>What became of a file.</summary>
/// <param name="Records">Records read, the heading not counted.</param>
/// <param name="Captured">Leads of ours now.</param>
/// <param name="Merged">Joined an open lead of the same person.</param>
/// <param name="Repeated">Came before, in this or an earlier import.</param>
/// <param name="Refused">Became no lead; the first hundred stand in <paramref name="Errors"/>.</param>
/// <param name="Errors">Why.</param>
internal sealed record ImportReply(int Records, int Captured, int Merged, int Repeated, int Refused, IReadOnlyList<ImportError> Errors);

/// <summary>
/// Leads from a file. Each record is a lead on its own: one that is refused keeps nobody else out, and one that came before, by its content, is taken
/// once; so a file that was cut off half way is simply sent again.
/// </summary>
internal sealed class ImportEndpoint(Intake intake) : IEndpoints
{
    private const int BytesMax = 2 * 1024 * 1024;
    private const int RecordsMax = 2_000;
    private const int ErrorsMax = 100;

    public void Map(Routes routes) => routes.Post("/v1/imports", Access.Operator, "Capture the leads of a CSV file; at most 2,000 records a request", PostAsync)
        .Asks("map", "campaign").Gives<ImportReply>().Refuses(400, 413, 415);

    private async Task PostAsync(ApiCall call)
    {
        if (call.Http.Request.ContentType is not { } type || !type.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase)) throw new ProblemException(new Problem(StatusCodes.Status415UnsupportedMediaType, "notCsv", "The body must be text/csv."));
        if (call.Http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = BytesMax + 1;
        var (heading, records) = Read(await BodyReader.ReadBytesAsync(call.Http.Request, BytesMax));
        var separator = CsvRecords.SeparatorOf(heading);
        var map = new ImportMap(call.Text("map"), CsvRecords.FieldsOf(heading, separator));
        var campaign = call.KeyInQuery("campaign");
        var tally = new Tally();
        foreach (var record in records) await TakeAsync(call, map, record, CsvRecords.FieldsOf(record.Text, separator), campaign, tally);
        await call.ReplyAsync(new ImportReply(records.Count, tally.Captured, tally.Merged, tally.Repeated, tally.Refused, tally.Errors));
    }

    private static (string Heading, List<CsvRecord> Records) Read(byte[] body)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(body), new UTF8Encoding(false, throwOnInvalidBytes: true));
            List<CsvRecord> records = [.. CsvRecords.Read(reader).Take(RecordsMax + 2)];
            if (records.Count == 0) throw new ProblemException(Problem.Malformed("", "malformed", "The file is empty; its first line names the columns."));
            if (records.Count > RecordsMax + 1) throw new ProblemException(Problem.Invalid("", "tooMany", "A request holds at most 2,000 records; the import command splits larger files."));
            return (records[0].Text, records[1..]);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(Problem.Malformed("", "malformed", "The file is not UTF-8."));
        }
        catch (FormatException bad)
        {
            throw new ProblemException(Problem.Malformed("", "malformed", bad.Message));
        }
    }

    private async Task TakeAsync(ApiCall call, ImportMap map, CsvRecord record, IReadOnlyList<string> fields, string? campaign, Tally tally)
    {
        try
        {
            var errors = new FieldErrors();
            var lead = map.ToLead(fields, campaign, errors);
            errors.ThrowIfAny();
            var content = Signatures.NameOf(string.Join('\n', fields.Select(f => $"{f.Length}:{f}").Append(campaign ?? "")));
            var captured = await intake.CaptureAsync(call.Workspace, lead, new LeadOrigin($"import:{content}"), call.Cancel);
            if (captured.IsRepeat) tally.Repeated++;
            else if (captured.Answer.Decision is IntakeDecision.Merged) tally.Merged++;
            else tally.Captured++;
        }
        catch (ProblemException refused) when (refused.Problem.Status < StatusCodes.Status429TooManyRequests)
        {
            tally.Refused++;
            foreach (var error in refused.Problem.Errors.DefaultIfEmpty(new FieldError("", refused.Problem.Code, refused.Problem.Detail)))
            {
                if (tally.Errors.Count < ErrorsMax) tally.Errors.Add(new ImportError(record.Line, error.Field, error.Code, error.Text));
            }
        }
    }

    private sealed class Tally
    {
        public int Captured { get; set; }
        public int Merged { get; set; }
        public int Repeated { get; set; }
        public int Refused { get; set; }
        public List<ImportError> Errors { get; } = [];
    }
}
