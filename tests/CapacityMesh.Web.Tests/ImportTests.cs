using System.Net;
using System.Text;
using System.Text.Json;
using CapacityMesh.Web.Capture.Import;

namespace CapacityMesh.Web.Tests;

// Goal: a file of leads comes in whole, each record once, and what is wrong is told by line. Method: small files over HTTP, and the reader alone on odd ones.
public sealed class ImportTests : IAsyncLifetime
{
    private const string File = "E-Mail;Telefon;Vorname;Nachname;Kampagne;Angelegt;Branche\r\n"
        + "a@example.com;+49 30 1234567;Ada;Ahrens;spring;2026-10-01;\"Bau; Holz\"\r\n"
        + "b@example.com;;Ben;\"Beck \"\"B\"\"\";;2026-10-02 09:30;\r\n"
        + "not-an-address;;Cem;Can;spring;2026-10-03;\r\n"
        + "\r\n"
        + "d@example.com;;Dia;\"Two\nlines\";spring;yesterday;\r\n"
        + "a@example.com;;Ada;Ahrens;spring;2026-10-05;\r\n";

    private const string Map = "email=E-Mail,phone=Telefon,firstName=Vorname,lastName=Nachname,campaign=Kampagne,at=Angelegt";

    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync();
        admin = server.Client();
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(string file, string map = Map, string more = "")
    {
        using var body = new StringContent(file, Encoding.UTF8, "text/csv");
        return await admin.PostAsync($"/v1/imports?map={Uri.EscapeDataString(map)}{more}", body);
    }

    private async Task<JsonElement> ImportAsync(string file, string more = "")
    {
        using var response = await SendAsync(file, more: more);
        return await Requests.BodyOf(response, HttpStatusCode.OK);
    }

    private static int[] Sums(JsonElement reply) => [.. new[] { "records", "captured", "merged", "repeated", "refused" }.Select(n => reply.GetProperty(n).GetInt32())];

    [Fact]
    public async Task Each_record_is_a_lead_and_a_bad_one_keeps_nobody_out()
    {
        var reply = await ImportAsync(File);
        Assert.Equal([5, 2, 1, 0, 2], Sums(reply));
        var errors = reply.GetProperty("errors").EnumerateArray().Select(e => (e.GetProperty("line").GetInt32(), e.Text("field"), e.Text("code"))).ToArray();
        Assert.Equal([(4, "contact.email", "invalidEmail"), (6, "at", "invalidInstant")], errors);
        var lead = (await admin.LeadsAsync(2)).Select(l => l.Text("id")).Order(StringComparer.Ordinal).First();
        var view = await admin.GetOk($"/v1/leads/{lead}");
        Assert.Equal("2026-10-01T00:00:00Z", view.Text("occurredAt"));
        Assert.Equal("Ada Ahrens", view.GetProperty("profile").Text("name"));
        Assert.Equal("Bau; Holz", view.GetProperty("submission").GetProperty("attributes").Text("Branche"));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        await ImportAsync(File);
        var again = Sums(await ImportAsync(File));
        Assert.Equal([5, 0, 0, 3, 2], again);
        await admin.LeadsAsync(2);
        // The report stands on the day that the person asked, not on the day of the import.
        Assert.Equal(1, (await admin.GetOk("/v1/reports/speed-to-lead?from=2026-10-01&to=2026-10-01")).GetProperty("total").GetProperty("leads").GetInt32());
    }

    [Fact]
    public async Task A_record_without_a_campaign_takes_the_one_of_the_request()
    {
        using var response = await SendAsync("email\nx2@example.com\n", map: "", more: "&campaign=spring");
        var sums = Sums(await Requests.BodyOf(response, HttpStatusCode.OK));
        Assert.Equal([1, 1, 0, 0, 0], sums);
        Assert.Equal("spring", (await admin.LeadsAsync(1))[0].Text("campaign"));
    }

    [Theory]
    [InlineData("name\nBen\n", "", "contactRequired", "map")]
    [InlineData("email\na@example.com\n", "email=Mail", "unknownColumn", "map")]
    [InlineData("email\na@example.com\n", "colour=email", "invalidMap", "map")]
    [InlineData("", "", "malformed", "")]
    [InlineData("email\n\"a@example.com\n", "", "malformed", "")]
    public Task A_file_that_makes_no_sense_is_refused_whole(string file, string map, string code, string field) => SendAsync(file, map).Problem(HttpStatusCode.BadRequest, code, field);

    [Fact]
    public async Task Too_much_and_another_type_are_refused()
    {
        await SendAsync("email\n" + string.Concat(Enumerable.Range(0, 2_001).Select(i => $"p{i}@example.com\n")), "").Problem(HttpStatusCode.BadRequest, "tooMany");
        await admin.PostAsync("/v1/imports", Requests.Json("{}")).Problem(HttpStatusCode.UnsupportedMediaType, "notCsv");
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "1|a,b 2|1,2")]
    [InlineData("\uFEFFa\n\"x\ny\"\n\nz", "1|a 2|\"x\ny\" 5|z")]
    public void Records_know_their_line(string text, string records) => Assert.Equal(records, string.Join(' ', CsvRecords.Read(new StringReader(text)).Select(r => $"{r.Line}|{r.Text}")));

    [Theory]
    [InlineData("a,\"b,\"\"c\"\"\",", ',', "a|b,\"c\"|")]
    [InlineData("a\tb c", '\t', "a|b c")]
    public void Fields_lose_their_quotes(string record, char separator, string fields) => Assert.Equal(fields, string.Join('|', CsvRecords.FieldsOf(record, separator)));
}
