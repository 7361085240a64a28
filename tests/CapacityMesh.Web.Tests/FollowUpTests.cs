using System.Net;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: a touch that falls due reaches the desk and the webhook with what was promised, and words that break the promise are flagged, not kept.
// Method: a process with a follow-up of seconds, over HTTP, with a receiver of webhooks that is real.
public sealed class FollowUpTests : IAsyncLifetime
{
    private const string Process = """
        {"pools":[{"id":"sales","kind":"people"}],
         "stages":[{"id":"discovery","pool":"sales","passRate":0.5,"promise":"P2D","firstResponse":"PT1H","wins":true,
                    "followUp":{"touches":[{"after":"PT0S","channel":"call"},{"after":"P1D","channel":"email","template":"second"}]}}]}
        """;

    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartAsync(PlatformCalls.Near);
        admin = server.Client();
        await admin.PutOk("/v1/process", Process);
        await admin.PutOk("/v1/people/anna", """{"name":"Anna","pools":["sales"],"weeklyCapacity":1000,"concurrent":50}""");
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"google","promise":{"id":"audit","text":"A free audit within 7 days"}}""");
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    private async Task<string> WorkingAsync()
    {
        var id = (await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created)).Text("leadId")!;
        await admin.Until($"/v1/leads/{id}", l => l.Text("state") == "offered");
        await admin.PostOk($"/v1/leads/{id}/accept", """{"person":"anna"}""");
        return id;
    }

    [Fact]
    public async Task A_touch_that_is_due_stands_on_the_desk_and_goes_out_with_the_promise()
    {
        await using var receiver = await StandIn.StartAsync((_, _) => (200, ""));
        await admin.PutOk("/v1/webhooks/mail", $$"""{"url":"{{receiver.Address}}/hook","events":["lead.touchDue"]}""");
        var id = await WorkingAsync();
        var sent = Assert.Single(await receiver.Until(1));
        var data = JsonDocument.Parse(sent.Body).RootElement;
        Assert.Equal("lead.touchDue", data.Text("type"));
        Assert.Equal((id, "call", 1), (data.GetProperty("data").Text("leadId"), data.GetProperty("data").GetProperty("touch").Text("channel"), data.GetProperty("data").GetProperty("touch").GetProperty("number").GetInt32()));
        Assert.Equal("A free audit within 7 days", data.GetProperty("data").GetProperty("promise").Text("text"));
        Assert.DoesNotContain("ben@example.com", sent.Body, StringComparison.Ordinal);
        var open = (await admin.GetOk("/v1/people/anna/work")).GetProperty("open")[0];
        Assert.True(open.GetProperty("touch").GetProperty("isDue").GetBoolean());
        Assert.Equal("audit", open.GetProperty("promise").Text("id"));
        var lead = await admin.PostOk($"/v1/leads/{id}/contacted", """{"person":"anna"}""");
        Assert.Equal((2, "email", "second", false), (lead.GetProperty("touch").GetProperty("number").GetInt32(), lead.GetProperty("touch").Text("channel"), lead.GetProperty("touch").Text("template"), lead.GetProperty("touch").GetProperty("isDue").GetBoolean()));
    }

    [Fact]
    public async Task A_reply_ends_the_follow_up()
    {
        var id = await WorkingAsync();
        await admin.PostOk("/v1/signals", """{"contact":{"email":"ben@example.com"},"kind":"reply","points":30}""");
        var lead = await admin.Until($"/v1/leads/{id}", l => l.GetProperty("followUpEnded").ValueKind is JsonValueKind.Object);
        Assert.Equal("replied", lead.GetProperty("followUpEnded").Text("code"));
        Assert.Equal(JsonValueKind.Null, lead.GetProperty("touch").ValueKind);
    }

    [Fact]
    public async Task Words_that_break_the_promise_are_flagged_and_forgotten()
    {
        var id = await WorkingAsync();
        var check = await admin.PostOk($"/v1/leads/{id}/check-words", """{"text":"The audit costs €490 and takes 7 days."}""");
        var found = Assert.Single(check.GetProperty("contradictions").EnumerateArray());
        Assert.Equal(("EUR", 490m), (found.Text("unit"), found.GetProperty("said").GetDecimal()));
        Assert.Empty((await admin.PostOk("/v1/campaigns/spring/check-words", """{"text":"Free, within 7 days."}""")).GetProperty("contradictions").EnumerateArray());
        var lead = await admin.PostOk($"/v1/leads/{id}/contacted", """{"person":"anna","channel":"email","text":"The audit will take 30 days, dear Ben."}""");
        Assert.Equal(1, lead.GetProperty("contradictions").GetInt32());
        var trace = (await admin.GetOk($"/v1/leads/{id}/trace")).ToString();
        Assert.Contains("contradicts the promise audit", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("dear Ben", trace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"touches":[]}""", "invalidCount", "stages[0].followUp.touches")]
    [InlineData("""{"touches":[{"after":"PT2H","channel":"call"}]}""", "afterFirstResponse", "stages[0].followUp.touches[0].after")]
    [InlineData("""{"touches":[{"channel":"call"}]}""", "required", "stages[0].followUp.touches[0].after")]
    [InlineData("""{"touches":[{"after":"PT0S","channel":"call"}],"quiet":{"from":"20","to":"08:00"}}""", "invalidTime", "stages[0].followUp.quiet.from")]
    [InlineData("""{"touches":[{"after":"PT0S","channel":"call"}],"quiet":{"from":"20:00","to":"08:00","timeZone":"Mars/Base"}}""", "unknownTimeZone", "stages[0].followUp.quiet.timeZone")]
    public Task A_plan_that_makes_no_sense_is_refused_by_field(string plan, string code, string field) => admin.PutAsync("/v1/process", Requests.Json(
        $$"""{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"d","pool":"sales","promise":"P2D","firstResponse":"PT1H","followUp":{{plan}}}]}""")).Problem(HttpStatusCode.BadRequest, code, field);
}
