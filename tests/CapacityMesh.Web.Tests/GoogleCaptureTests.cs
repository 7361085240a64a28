using System.Net;
using System.Text;
using CapacityMesh.Runtime.Hosting.Local;

namespace CapacityMesh.Web.Tests;

// Goal: Google's lead forms come in exactly once, and Google hears only what it understands: 200 {}, a final 4xx or a 5xx with a message.
// Method: bodies of the documented form, whole and broken, against a real server.
public sealed class GoogleCaptureTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;
    private HttpClient google = null!;
    private string path = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync();
        admin = server.Client();
        google = server.Client(key: null);
        path = await admin.ConnectorAsync("""{"platform":"google","secrets":{"key":"s3cret"},"campaigns":{"9007199254740993":"spring"}}""");
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        google.Dispose();
        await server.DisposeAsync();
    }

    private static string Body(string id = "lead-1", string campaign = "9007199254740993", string key = "s3cret", string more = "", string email = "ben@example.com") => $$"""
        {"lead_id":"{{id}}","api_version":"1.0","form_id":123456789012345678,"campaign_id":{{campaign}},"google_key":"{{key}}","gcl_id":"Cj0-click","lead_submit_time":"2026-11-01T12:30:00Z","brand_new":{"a":[1]}{{more}},
         "user_column_data":[{"column_id":"FIRST_NAME","string_value":"Ben"},{"column_id":"LAST_NAME","string_value":"Berg"},{"column_id":"EMAIL","string_value":"{{email}}"},
           {"column_name":"Work phone","column_id":"WORK_PHONE","string_value":"+49 30 1234567"},{"column_id":"COMPANY_NAME","string_value":"Berg GmbH"},{"column_id":"JOB_TITLE","string_value":"Owner"}]}
        """;

    private async Task<(int Status, string Body)> Post(string body, string? to = null)
    {
        using var response = await google.PostAsync(to ?? path, Requests.Json(body));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_form_becomes_a_lead_of_its_campaign_with_every_answer()
    {
        Assert.Equal((200, "{}"), await Post(Body()));
        var item = Assert.Single(await admin.LeadsAsync(1));
        var lead = await admin.GetOk($"/v1/leads/{item.Text("id")}");
        Assert.Equal("spring", lead.Text("campaign"));
        Assert.Equal("2026-11-01T12:30:00Z", lead.Text("occurredAt"));
        var profile = lead.GetProperty("profile");
        Assert.Equal(("Ben Berg", "ben@example.com", "+49 30 1234567", "Berg GmbH"), (profile.Text("name"), profile.Text("email"), profile.Text("phone"), profile.Text("company")));
        Assert.Contains("Owner", lead.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_copies_at_one_instant_make_one_lead_and_are_all_welcome()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post(Body())));
        Assert.All(answers, a => Assert.Equal((200, "{}"), a));
        Assert.Equal((200, "{}"), await Post(Body(email: "corrected@example.com")));
        Assert.Single(await admin.LeadsAsync(1));
        await admin.UntilCounted("google", "captured", 1);
        await admin.UntilCounted("google", "repeated", 20);
    }

    [Theory]
    [InlineData("9007199254740993", "spring")]
    [InlineData("\"9007199254740993\"", "spring")]
    [InlineData("9007199254740992", "unattributed")]
    public async Task Ids_come_as_numbers_or_texts_and_lose_no_digit(string campaign, string expected)
    {
        Assert.Equal(200, (await Post(Body(campaign: campaign))).Status);
        Assert.Equal(expected, Assert.Single(await admin.LeadsAsync(1)).Text("campaign"));
    }

    [Fact]
    public async Task A_test_is_accepted_and_captures_nothing_but_shows_a_wrong_key()
    {
        Assert.Equal((200, "{}"), await Post(Body(more: ",\"is_test\":true")));
        var (status, body) = await Post(Body(key: "guess", more: ",\"is_test\":true"));
        Assert.Equal(401, status);
        Assert.Contains("\"message\"", body, StringComparison.Ordinal);
        await admin.UntilCounted("google", "test", 1);
        await admin.UntilCounted("google", "unauthenticated", 1);
        Assert.Empty(await admin.LeadsAsync(0));
    }

    [Fact]
    public async Task What_can_never_work_is_a_final_4xx_with_a_message()
    {
        var tooLarge = Body(more: $",\"x\":\"{new string('x', 300_000)}\"");
        var nobody = """{"lead_id":"1","google_key":"s3cret","user_column_data":[{"column_id":"EMAIL","string_value":"not an address"}]}""";
        foreach (var (body, expected) in new[] { (Body()[..100], 400), ("[]", 400), ("", 400), (tooLarge, 413), (nobody, 400), ("""{"google_key":"s3cret"}""", 400), ("{}", 401) })
        {
            var (status, text) = await Post(body);
            Assert.Equal(expected, status);
            Assert.StartsWith("{\"message\":", text, StringComparison.Ordinal);
        }
        await admin.UntilCounted("google", "withoutContact", 1);
        await admin.UntilCounted("google", "malformed", 4);
        Assert.Equal(404, (await Post(Body(), "/v1/capture/google/nobody")).Status);
        Assert.Empty(await admin.LeadsAsync(0));
    }

    [Fact]
    public async Task A_bad_answer_spoils_no_lead()
    {
        var body = $$$"""
            {"lead_id":"{{{new string('7', 400)}}}","google_key":"s3cret","lead_submit_time":"2199-01-01T00:00:00Z","user_column_data":[{"column_id":"EMAIL","string_value":"broken@"},{"column_id":"WORK_EMAIL","string_value":"ben@example.com"},
              {"column_id":"PHONE_NUMBER","string_value":"12"},{"column_id":"FULL_NAME","string_value":"{{{new string('n', 900)}}}"},{"column_id":"BAD","string_value":"\ud800"}]}
            """;
        Assert.Equal((200, "{}"), await Post(body));
        var lead = await admin.GetOk($"/v1/leads/{Assert.Single(await admin.LeadsAsync(1)).Text("id")}");
        Assert.Equal("ben@example.com", lead.GetProperty("profile").Text("email"));
        Assert.Equal(200, lead.GetProperty("profile").Text("name")!.Length);
        Assert.Contains("broken@", lead.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_is_read_as_bytes_whatever_its_type_is_called()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body()));
        using var response = await google.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task While_nothing_can_be_stored_Google_is_asked_to_come_again()
    {
        Assert.Equal(200, (await Post(Body())).Status);
        await ((LocalMesh)server.Mesh).StopAsync();
        var (status, text) = await Post(Body("lead-2"));
        Assert.Equal(503, status);
        Assert.StartsWith("{\"message\":", text, StringComparison.Ordinal);
    }
}
