using System.Net;
using System.Text.Json;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Web.Tests;

// Goal: the way in is exactly once, one person is one contact, and what is personal can be erased.
// Method: real requests against the real mesh; several at one instant where order must not matter.
public sealed class CaptureTests : IAsyncLifetime
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

    // Whoever forgot them was another process, so this one still believes that the address is theirs.
    [Fact]
    public async Task A_person_who_was_forgotten_elsewhere_is_somebody_new_and_a_repeat_gives_the_same_lead()
    {
        var old = await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        var contact = (await admin.GetOk($"/v1/leads/{old.Text("leadId")}")).Text("contact")!;
        await server.Mesh.AskAsync(new MeshRequest(new EntityId("default", EntityKind.Contact, contact), new ContactCommand.Erase()) { DropClaimsOf = contact }, default);

        string? lead = null;
        for (var i = 0; i < 3; i++)
        {
            using var response = await admin.PostKeyed("/v1/leads", Requests.Lead("ben@example.com"), "again");
            var answer = await Requests.BodyOf(response, HttpStatusCode.Created);
            Assert.Equal(lead ??= answer.Text("leadId"), answer.Text("leadId"));
        }
        Assert.NotEqual(old.Text("leadId"), lead);
        Assert.NotEqual(contact, (await admin.GetOk($"/v1/leads/{lead}")).Text("contact"));
    }

    [Fact]
    public async Task A_lead_is_admitted_and_found_again()
    {
        using var response = await admin.PostAsync("/v1/leads", Requests.Json(Requests.Lead("ben@example.com")));
        var reply = await Requests.BodyOf(response, HttpStatusCode.Created);
        Assert.Equal("admitted", reply.Text("decision"));
        Assert.Equal("discovery", reply.Text("stage"));
        Assert.Equal($"/v1/leads/{reply.Text("leadId")}", response.Headers.Location?.ToString());
        var lead = await admin.GetOk($"/v1/leads/{reply.Text("leadId")}");
        Assert.Equal("spring", lead.Text("campaign"));
        Assert.Equal("ben@example.com", lead.GetProperty("profile").Text("email"));
        Assert.EndsWith("Z", lead.Text("capturedAt"), StringComparison.Ordinal);
        var listed = await admin.GetOk("/v1/leads?campaign=spring");
        Assert.Equal(reply.Text("leadId"), Assert.Single(listed.GetProperty("items").EnumerateArray()).Text("id"));
    }

    [Fact]
    public async Task A_filter_without_a_value_is_none()
    {
        var lead = await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        var listed = await admin.GetOk("/v1/leads?state=&pool=&campaign=spring&limit=&cursor=");
        Assert.Equal(lead.Text("leadId"), Assert.Single(listed.GetProperty("items").EnumerateArray()).Text("id"));
    }

    [Fact]
    public async Task Twenty_posts_of_one_person_at_one_instant_make_one_lead()
    {
        var sent = Enumerable.Range(0, 20).Select(i => admin.PostAsync("/v1/leads", Requests.Json(Requests.Lead(i % 2 == 0 ? "Ben@Example.com " : "ben@example.com"))));
        var responses = await Task.WhenAll(sent);
        Assert.Equal(1, responses.Count(r => r.StatusCode == HttpStatusCode.Created));
        Assert.Equal(19, responses.Count(r => r.StatusCode == HttpStatusCode.OK));
        var ids = await Task.WhenAll(responses.Select(async r => JsonDocument.Parse(await r.Content.ReadAsStringAsync()).RootElement.Text("leadId")));
        Assert.Single(ids.Distinct());
        Assert.Single((await admin.GetOk("/v1/leads")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task The_phone_joins_what_the_email_began()
    {
        var first = await admin.PostOk("/v1/leads", """{"contact":{"email":"ben@example.com","phone":"0049 (30) 1234567"}}""", HttpStatusCode.Created);
        var second = await admin.PostOk("/v1/leads", """{"contact":{"phone":"+49 30 / 123-4567"}}""");
        Assert.Equal("merged", second.Text("decision"));
        Assert.Equal(first.Text("leadId"), second.Text("leadId"));
    }

    [Fact]
    public async Task Two_posts_with_one_key_at_one_instant_answer_alike_and_make_one_lead()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => admin.PostKeyed("/v1/leads", Requests.Lead("ben@example.com"), "once")));
        var bodies = await Task.WhenAll(responses.Select(r => r.Content.ReadAsStringAsync()));
        Assert.All(responses, r => Assert.Equal(HttpStatusCode.Created, r.StatusCode));
        Assert.Single(bodies.Distinct());
        Assert.Single((await admin.GetOk("/v1/leads")).GetProperty("items").EnumerateArray());
        await admin.PostKeyed("/v1/leads", Requests.Lead("other@example.com"), "once").Problem(HttpStatusCode.UnprocessableEntity, "idempotencyKeyReused");
    }

    [Fact]
    public async Task One_key_with_two_bodies_of_one_person_is_told_apart()
    {
        (await admin.PostKeyed("/v1/leads", Requests.Lead("ben@example.com"), "k")).Dispose();
        await admin.PostKeyed("/v1/leads", Requests.Lead("ben@example.com", "other"), "k").Problem(HttpStatusCode.UnprocessableEntity, "idempotencyKeyReused");
    }

    [Fact]
    public async Task An_unknown_campaign_is_welcome_as_unattributed()
    {
        foreach (var (name, email) in new[] { ("never-heard-of", "a@example.com"), ("Summer Sale 50% äöü", "b@example.com") })
        {
            var reply = await admin.PostOk("/v1/leads", Requests.Lead(email, name), HttpStatusCode.Created);
            Assert.Equal("unattributed", (await admin.GetOk($"/v1/leads/{reply.Text("leadId")}")).Text("campaign"));
        }
    }

    [Fact]
    public async Task Erasing_a_contact_removes_the_person_and_closes_the_lead()
    {
        var reply = await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        var path = $"/v1/leads/{reply.Text("leadId")}";
        var contact = (await admin.GetOk(path)).Text("contact");
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/v1/contacts/{contact}")).StatusCode);
        var lead = await admin.Until(path, l => l.Text("state") == "retracted");
        Assert.Equal(JsonValueKind.Null, lead.GetProperty("profile").ValueKind);
        var again = await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        Assert.NotEqual(contact, (await admin.GetOk($"/v1/leads/{again.Text("leadId")}")).Text("contact"));
        await admin.DeleteAsync("/v1/contacts/nobody").Problem(HttpStatusCode.NotFound, "contactUnknown");
    }

    [Fact]
    public async Task A_signal_starts_a_contact_or_raises_the_open_lead()
    {
        const string signal = """{"contact":{"email":"ben@example.com"},"kind":"pageVisit","points":10}""";
        Assert.Equal(JsonValueKind.Null, (await admin.PostOk("/v1/signals", signal)).GetProperty("leadId").ValueKind);
        var lead = await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        Assert.Equal(lead.Text("leadId"), (await admin.PostOk("/v1/signals", signal)).Text("leadId"));
        await admin.Until($"/v1/leads/{lead.Text("leadId")}", l => l.GetProperty("intent").GetInt32() == 20);
    }

    [Fact]
    public async Task Without_a_process_a_lead_waits_and_says_why()
    {
        await using var empty = await Server.StartAsync();
        using var client = empty.Client();
        var reply = await client.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        Assert.Equal("waitlisted", reply.Text("decision"));
        Assert.Equal("misconfigured", reply.GetProperty("reason").Text("code"));
        var why = await client.GetOk($"/v1/leads/{reply.Text("leadId")}/why");
        Assert.Equal("misconfigured", why.Text("code"));
        Assert.Contains("Publish a process.", why.GetProperty("wouldChange").EnumerateArray().Select(c => c.GetString()));
    }
}
