using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CapacityMesh.Web.Capture.Import;

namespace CapacityMesh.Host.Commands;

/// <summary><c>import</c>: the leads of a CSV file, posted to a server. Sent again, it takes nothing twice.</summary>
internal static class ImportCommand
{
    private const int RecordsAtOnce = 500;
    // A request takes 2 MiB; a character may be three bytes.
    private const int CharactersAtOnce = 600_000;
    private const int AttemptsMax = 6;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The file, UTF-8; its first line names the columns." };
        var url = new Option<string>("--url") { Description = "The server.", Required = true };
        var key = new Option<string>("--key") { Description = "An operator's key.", Required = true };
        var map = new Option<string?>("--map") { Description = "Which column holds what: email=E-Mail,phone=Tel,at=Created. Columns of our own names need no word." };
        var campaign = new Option<string?>("--campaign") { Description = "The campaign of records that name none." };
        var command = new Command("import", "Capture the leads of a CSV file.") { file, url, key, map, campaign };
        command.SetAction((parsed, cancel) =>
        {
            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https")) return Task.FromResult(ServeCommand.Refuse("--url is an http or https URL."));
            if (!parsed.GetValue(file)!.Exists) return Task.FromResult(ServeCommand.Refuse("The file is not there."));
            return RunAsync(parsed.GetValue(file)!, server, parsed.GetValue(key)!, parsed.GetValue(map), parsed.GetValue(campaign), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, Uri server, string key, string? map, string? campaign, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var path = $"/v1/imports?map={Uri.EscapeDataString(map ?? "")}" + (campaign is null ? "" : $"&campaign={Uri.EscapeDataString(campaign)}");
        var (sums, line) = (new int[5], 1);
        try
        {
            // Bytes that are no UTF-8 would come in as question marks, and names with them.
            using var reader = new StreamReader(file.OpenRead(), new UTF8Encoding(false, throwOnInvalidBytes: true));
            using var records = CsvRecords.Read(reader).GetEnumerator();
            if (!records.MoveNext()) return ServeCommand.Refuse("The file is empty.");
            var heading = records.Current.Text;
            while (Next(records) is { Count: > 0 } part)
            {
                line = part[0].Line;
                var reply = await PostAsync(client, path, heading, part, cancel);
                if (reply is not { } answer) return 1;
                Add(sums, answer, part);
                if (!Console.IsErrorRedirected) await Console.Error.WriteAsync($"\r{sums[0]} records");
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or FormatException or IOException or UnauthorizedAccessException or DecoderFallbackException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            var why = fault is DecoderFallbackException ? "The file is not UTF-8." : fault.Message;
            await Console.Error.WriteLineAsync($"Stopped after line {line}: {why} What was sent is kept; run it again, and nothing is taken twice.");
            return 1;
        }
        await Console.Out.WriteLineAsync($"{sums[0]} records: {sums[1]} captured, {sums[2]} merged, {sums[3]} repeated, {sums[4]} refused.");
        return sums[4] == 0 ? 0 : 1;
    }

    private static List<CsvRecord> Next(IEnumerator<CsvRecord> records)
    {
        var part = new List<CsvRecord>(RecordsAtOnce);
        var characters = 0;
        while (part.Count < RecordsAtOnce && characters < CharactersAtOnce && records.MoveNext())
        {
            part.Add(records.Current);
            characters += records.Current.Text.Length;
        }
        return part;
    }

    // Null when the server refuses the whole part: it said why, and would say it again.
    private static async Task<JsonElement?> PostAsync(HttpClient client, string path, string heading, List<CsvRecord> part, CancellationToken cancel)
    {
        var body = new StringBuilder(heading).Append('\n');
        foreach (var record in part) body.Append(record.Text).Append('\n');
        for (var attempt = 1; ; attempt++)
        {
            using var content = new StringContent(body.ToString(), Encoding.UTF8, "text/csv");
            using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            if (response.IsSuccessStatusCode) return JsonDocument.Parse(text).RootElement;
            if ((int)response.StatusCode is 429 or >= 500 && attempt < AttemptsMax)
            {
                await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1 << attempt), cancel);
                continue;
            }
            await Console.Error.WriteLineAsync($"Refused with {(int)response.StatusCode}: {text}");
            return null;
        }
    }

    private static void Add(int[] sums, JsonElement reply, List<CsvRecord> part)
    {
        string[] names = ["records", "captured", "merged", "repeated", "refused"];
        for (var i = 0; i < names.Length; i++) sums[i] += reply.GetProperty(names[i]).GetInt32();
        // Lines of the part, told as lines of the file.
        var lines = new Dictionary<int, int>();
        var line = 2;
        foreach (var record in part)
        {
            lines[line] = record.Line;
            line += record.Text.Count(c => c == '\n') + 1;
        }
        foreach (var error in reply.GetProperty("errors").EnumerateArray())
        {
            Console.Error.WriteLine($"Line {lines.GetValueOrDefault(error.GetProperty("line").GetInt32())}: {error.GetProperty("field").GetString()}: {error.GetProperty("text").GetString()}");
        }
    }
}
