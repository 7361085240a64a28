using System.Net;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: a lead's verbs, its trace and its reasons tell one story, and the desk shows what a salesperson needs.
// Method: one lead walked from capture to delivery over HTTP.
public sealed class ExecutionTests : IAsyncLifetime
{
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

    [Fact]
    public async Task A_lead_walks_from_offer_to_delivery()
    {
        var id = (await admin.PostOk("/v1/leads", """{"campaign":"spring","contact":{"name":"Ben","email":"ben@example.com"},"message":"Call me"}""", HttpStatusCode.Created)).Text("leadId");
        var path = $"/v1/leads/{id}";
        await admin.Until(path, l => l.Text("state") == "offered");
        var work = await admin.GetOk("/v1/people/anna/work");
        var offer = Assert.Single(work.GetProperty("offers").EnumerateArray());
        Assert.Equal("ben@example.com", offer.GetProperty("contact").Text("email"));
        Assert.Equal("Call me", offer.Text("message"));
        Assert.Equal("A free audit", offer.GetProperty("promise").Text("text"));
        await admin.PostAsync($"{path}/accept", Requests.Json("""{"person":"ben"}""")).Problem(HttpStatusCode.Conflict, "notOffered");
        await admin.PostAsync($"{path}/accept", Requests.Json("{}")).Problem(HttpStatusCode.BadRequest, "required", "person");
        Assert.Equal("working", (await admin.PostOk($"{path}/accept", """{"person":"anna"}""")).Text("state"));
        Assert.NotEqual(JsonValueKind.Null, (await admin.PostOk($"{path}/contacted", """{"person":"anna"}""")).GetProperty("contactedAt").ValueKind);
        Assert.Equal("onboarding", (await admin.PostOk($"{path}/complete", """{"person":"anna","outcome":"passed","value":{"amount":900,"currency":"EUR"}}""")).Text("stage"));
        await admin.Until(path, l => l.Text("state") == "held");
        var slot = (await admin.GetOk(path)).Text("slot");
        Assert.Equal("booked", (await admin.PostOk($"{path}/book", $$"""{"slot":"{{slot}}"}""")).Text("state"));
        Assert.Equal("started", (await admin.PostOk($"{path}/start")).Text("state"));
        var done = await admin.PostOk($"{path}/complete", """{"outcome":"passed"}""");
        Assert.Equal("delivered", done.Text("state"));
        Assert.Equal("900.00", done.GetProperty("value").Text("amount"));
        Assert.Equal(JsonValueKind.Null, done.GetProperty("position").ValueKind);
        var kinds = (await admin.GetOk($"{path}/trace")).GetProperty("steps").EnumerateArray().Select(s => s.Text("kind")!).ToArray();
        Assert.Equal(["opened", "admitted", "stageEntered", "offered", "accepted", "contacted", "stagePassed"], kinds.Take(7));
        Assert.Equal("delivered", kinds[^1]);
        await admin.PostAsync($"{path}/accept", Requests.Json("""{"person":"anna"}""")).Problem(HttpStatusCode.Conflict, "leadClosed");
    }

    [Fact]
    public async Task A_lead_that_waits_for_people_says_whom()
    {
        await admin.PostOk("/v1/people/anna/status", """{"status":"offline"}""");
        var id = (await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created)).Text("leadId");
        var why = await admin.Until($"/v1/leads/{id}/why", w => w.Text("code") != "pending");
        Assert.Contains(why.Text("code"), new[] { "suspended", "gated" });
        Assert.NotEmpty(why.GetProperty("wouldChange").EnumerateArray());
        var lead = await admin.GetOk($"/v1/leads/{id}");
        Assert.Equal((why.Text("code"), 1), (lead.GetProperty("reason").Text("code"), lead.GetProperty("position").GetInt32()));
    }

    [Fact]
    public async Task Whoever_waits_where_nobody_serves_any_more_is_promised_no_time()
    {
        await admin.PostOk("/v1/people/anna/status", """{"status":"away"}""");
        var ids = new List<string>();
        for (var i = 0; i < 2; i++) ids.Add((await admin.PostOk("/v1/leads", Requests.Lead($"ben-{i}@example.com"), HttpStatusCode.Created)).Text("leadId")!);
        await admin.PostOk("/v1/people/anna/status", """{"status":"available"}""");
        foreach (var id in ids) await admin.Until($"/v1/leads/{id}", l => l.Text("state") == "offered");
        await admin.DeleteAsync("/v1/people/anna");
        foreach (var (id, place) in ids.Zip([1, 2]))
        {
            var lead = await admin.Until($"/v1/leads/{id}", l => l.GetProperty("reason").Text("code") == "misconfigured");
            Assert.Equal(("queued", place), (lead.Text("state"), lead.GetProperty("position").GetInt32()));
            Assert.Equal(JsonValueKind.Null, lead.GetProperty("expectedAt").ValueKind);
        }
    }

    [Fact]
    public async Task The_constraint_is_explained_and_advised()
    {
        var constraint = await admin.Until("/v1/constraint", c => c.GetProperty("pool").ValueKind is JsonValueKind.String);
        Assert.Equal("onboarding", constraint.Text("pool"));
        Assert.NotEmpty(constraint.GetProperty("advice").EnumerateArray());
        Assert.Equal(["sales", "onboarding"], (await admin.GetOk("/v1/pools")).GetProperty("items").EnumerateArray().Select(p => p.Text("id")));
        Assert.NotEmpty((await admin.GetOk("/v1/constraint/history")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_was_put_is_what_is_got()
    {
        Assert.Equal(1, (await admin.GetOk("/v1/process")).GetProperty("version").GetInt32());
        Assert.Equal("PT1H", (await admin.GetOk("/v1/process")).GetProperty("stages")[0].Text("firstResponse"));
        var anna = await admin.GetOk("/v1/people/anna");
        Assert.Equal("Anna Ahrens", anna.Text("name"));
        Assert.Equal("available", anna.Text("status"));
        Assert.Single((await admin.GetOk("/v1/people")).GetProperty("items").EnumerateArray());
        Assert.Equal("A free audit", (await admin.GetOk("/v1/campaigns/spring")).GetProperty("promise").Text("text"));
        Assert.Equal(8, (await admin.GetOk("/v1/slots?pool=onboarding")).GetProperty("items").GetArrayLength());
        var page = await admin.GetOk("/v1/slots?limit=5");
        Assert.Equal(3, (await admin.GetOk($"/v1/slots?limit=5&cursor={page.Text("cursor")}")).GetProperty("items").GetArrayLength());
        Assert.Equal("withdrawn", (await admin.PostOk("/v1/slots/s8/withdraw")).Text("state"));
        await admin.PostOk("/v1/campaigns/spring/costs", """{"day":"2025-11-20","amount":{"amount":"12.50","currency":"EUR"},"clicks":3,"impressions":90}""");
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/v1/people/anna")).StatusCode);
        await admin.GetAsync("/v1/people/anna").Problem(HttpStatusCode.NotFound, "personUnknown");
    }
}
