using System.Globalization;
using System.Text;

namespace CapacityMesh.Host.Tests;

// Goal: a file of leads comes into a live server whole and once, whatever its size, and what is wrong is told by the file's line.
// Method: the real command against the real server, both processes of their own, over loopback; the sample as it stands in samples/import.
public sealed class ImportCommandTests : IDisposable
{
    private const string SampleMap = "name=Name,email=E-Mail,phone=Telefon,company=Firma,campaign=Kampagne,at=Angelegt";
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string SampleFile()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "CapacityMesh.sln"))) at = at.Parent!;
        return Path.Combine(at.FullName, "samples", "import", "leads.csv");
    }

    private string Written(string text, Encoding? encoding = null)
    {
        var path = Path.Combine(folder, "leads.csv");
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    private static Task<(int ExitCode, string Output)> ImportAsync(ServerProcess server, string file, params string[] more) =>
        ServerProcess.RunAsync(["import", file, "--url", server.Http.BaseAddress!.ToString(), "--key", ServerProcess.Key, .. more]);

    [Fact]
    public async Task The_sample_comes_in_as_its_page_says_and_the_second_time_nothing_does()
    {
        using var server = await ServerProcess.ServeAsync(Path.Combine(folder, "data"));
        await server.SendAsync(HttpMethod.Put, "/v1/campaigns/fair-2026", new { name = "Fair", channel = "fair" });
        var (exit, output) = await ImportAsync(server, SampleFile(), "--map", SampleMap, "--campaign", "fair-2026");
        Assert.Equal((0, "3 records: 3 captured, 0 merged, 0 repeated, 0 refused."), (exit, output.Trim()));
        (exit, output) = await ImportAsync(server, SampleFile(), "--map", SampleMap, "--campaign", "fair-2026");
        Assert.Equal((0, "3 records: 0 captured, 0 merged, 3 repeated, 0 refused."), (exit, output.Trim()));
        var leads = await server.LeadsAsync();
        Assert.Equal(["fair-2026", "fair-2026", "fair-2026"], leads.Select(l => l.GetProperty("campaign").GetString()));
        var views = new List<System.Text.Json.JsonElement>();
        foreach (var lead in leads) views.Add(await server.SendAsync(HttpMethod.Get, $"/v1/leads/{lead.GetProperty("id").GetString()}"));
        var cem = views.Single(v => v.GetProperty("profile").GetProperty("name").GetString() == "Cem Example");
        Assert.Equal("Two\nlines", cem.GetProperty("submission").GetProperty("attributes").GetProperty("Branche").GetString());
        Assert.Equal("2026-11-03T16:05:00Z", cem.GetProperty("occurredAt").GetString());
    }

    [Fact]
    public async Task A_file_of_several_requests_names_bad_lines_and_mended_takes_only_those()
    {
        using var server = await ServerProcess.ServeAsync(Path.Combine(folder, "data"));
        // Long enough for parts by size as well as by number; line 3 is the second half of a record.
        var lines = Enumerable.Range(0, 1_200).Select(i => string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com,\"{(i == 0 ? "two\nlines" : new string('x', 2_000))}\"")).ToList();
        (lines[700], lines[1_100]) = ("no-address,\"x\"", "neither,\"x\"");
        var (exit, output) = await ImportAsync(server, Written("email,note\n" + string.Join('\n', lines) + "\n"));
        Assert.Equal(1, exit);
        Assert.Contains("1200 records: 1198 captured, 0 merged, 0 repeated, 2 refused.", output, StringComparison.Ordinal);
        Assert.Contains("Line 703: contact.email", output, StringComparison.Ordinal);
        Assert.Contains("Line 1103: contact.email", output, StringComparison.Ordinal);
        (lines[700], lines[1_100]) = ("p700@example.com,\"x\"", "p1100@example.com,\"x\"");
        (exit, output) = await ImportAsync(server, Written("email,note\n" + string.Join('\n', lines) + "\n"));
        Assert.Equal((0, "1200 records: 2 captured, 0 merged, 1198 repeated, 0 refused."), (exit, output.Trim()));
        Assert.Equal(1_200, (await server.LeadsAsync()).Count);
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_not_allowed_is_said_and_takes_nothing()
    {
        using var server = await ServerProcess.ServeAsync(Path.Combine(folder, "data"));
        var (exit, output) = await ImportAsync(server, Written("email,name\na@example.com,J\u00f6rg\n", Encoding.Latin1));
        Assert.Equal(1, exit);
        Assert.Contains("not UTF-8", output, StringComparison.Ordinal);
        var file = Written("email\na@example.com\n");
        (exit, output) = await ImportAsync(server, file, "--map", "email=Mail");
        Assert.Equal(1, exit);
        Assert.Contains("unknownColumn", output, StringComparison.Ordinal);
        (exit, output) = await ServerProcess.RunAsync("import", file, "--url", server.Http.BaseAddress!.ToString(), "--key", "a-key-that-nobody-made");
        Assert.Equal(1, exit);
        Assert.Contains("Refused with 401", output, StringComparison.Ordinal);
        (exit, output) = await ServerProcess.RunAsync("import", Path.Combine(folder, "none.csv"), "--url", server.Http.BaseAddress!.ToString(), "--key", "k");
        Assert.Equal((2, true), (exit, output.Contains("not there", StringComparison.Ordinal)));
        Assert.Empty(await server.LeadsAsync());
    }

    [Fact]
    public async Task A_server_that_dies_amid_an_import_is_told_and_the_next_run_takes_the_rest_once()
    {
        var file = Written("email\n" + string.Concat(Enumerable.Range(0, 4_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"p{i}@example.com\n"))));
        using (var server = await ServerProcess.ServeAsync(Path.Combine(folder, "data")))
        {
            var run = ImportAsync(server, file);
            await ServerProcess.EventuallyAsync("some came in", async () => (await server.SendAsync(HttpMethod.Get, "/v1/leads?limit=1")).GetProperty("items").GetArrayLength() > 0);
            await server.KillAsync();
            var (exit, output) = await run;
            Assert.Equal(1, exit);
            Assert.Contains("run it again", output, StringComparison.Ordinal);
        }
        using var after = await ServerProcess.ServeAsync(Path.Combine(folder, "data"));
        var (again, said) = await ImportAsync(after, file);
        Assert.Equal(0, again);
        Assert.Contains("4000 records", said, StringComparison.Ordinal);
        Assert.Equal(4_000, (await after.LeadsAsync()).Count);
    }
}
