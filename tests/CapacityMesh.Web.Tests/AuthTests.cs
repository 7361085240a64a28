using System.Net;
using CapacityMesh.Web.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace CapacityMesh.Web.Tests;

// Goal: nobody sees or does what their key does not allow, and nothing crosses workspaces.
// Method: keys of each role, a second workspace and a browser's cookie against one server.
public sealed class AuthTests : IAsyncLifetime
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
    public async Task Without_a_known_key_the_answer_is_401()
    {
        using var nobody = server.Client(null);
        using var stranger = server.Client("cm_0000000000000000_00000000000000000000000000000000");
        foreach (var path in new[] { "/v1/leads", "/v1/process", "/v1/spend", "/v1/keys", "/v1/board", "/v1/events", "/hubs/board" })
        {
            await nobody.GetAsync(path).Problem(HttpStatusCode.Unauthorized, "unauthorized");
            await stranger.GetAsync(path).Problem(HttpStatusCode.Unauthorized, "unauthorized");
        }
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/readyz")).StatusCode);
    }

    [Theory]
    [InlineData("capture", "/v1/leads", HttpStatusCode.Created, "/v1/spend", HttpStatusCode.Forbidden, "/v1/keys", HttpStatusCode.Forbidden)]
    [InlineData("spend", "/v1/leads", HttpStatusCode.Forbidden, "/v1/spend", HttpStatusCode.OK, "/v1/keys", HttpStatusCode.Forbidden)]
    [InlineData("operator", "/v1/leads", HttpStatusCode.Created, "/v1/spend", HttpStatusCode.OK, "/v1/keys", HttpStatusCode.Forbidden)]
    [InlineData("admin", "/v1/leads", HttpStatusCode.Created, "/v1/spend", HttpStatusCode.OK, "/v1/keys", HttpStatusCode.OK)]
    public async Task A_role_does_its_job_and_no_other(string role, string post, HttpStatusCode posted, string read, HttpStatusCode got, string keys, HttpStatusCode listed)
    {
        using var client = await server.ClientOfRole(role);
        Assert.Equal(posted, (await client.PostAsync(post, Requests.Json(Requests.Lead("ben@example.com")))).StatusCode);
        Assert.Equal(got, (await client.GetAsync(read)).StatusCode);
        Assert.Equal(listed, (await client.GetAsync(keys)).StatusCode);
    }

    [Fact]
    public async Task A_key_is_shown_once_and_works_until_it_is_withdrawn()
    {
        var made = await admin.PostOk("/v1/keys", """{"role":"spend","note":"ads script"}""", HttpStatusCode.Created);
        using var client = server.Client(made.Text("key"));
        await client.GetOk("/v1/spend");
        var listed = await admin.GetOk("/v1/keys");
        Assert.DoesNotContain(made.Text("key")!, listed.ToString(), StringComparison.Ordinal);
        Assert.Contains(made.Text("id"), listed.GetProperty("items").EnumerateArray().Select(k => k.Text("id")));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/v1/keys/{made.Text("id")}")).StatusCode);
        await client.GetAsync("/v1/spend").Problem(HttpStatusCode.Unauthorized, "unauthorized");
        await admin.DeleteAsync($"/v1/keys/{made.Text("id")}").Problem(HttpStatusCode.NotFound, "keyUnknown");
    }

    [Fact]
    public async Task A_repeated_key_request_shows_the_same_key_and_another_body_is_told_apart()
    {
        var first = await Requests.BodyOf(await admin.PostKeyed("/v1/keys", """{"role":"spend"}""", "k1"), HttpStatusCode.Created);
        var second = await Requests.BodyOf(await admin.PostKeyed("/v1/keys", """{"role":"spend"}""", "k1"), HttpStatusCode.Created);
        Assert.Equal(first.ToString(), second.ToString());
        await admin.PostKeyed("/v1/keys", """{"role":"admin"}""", "k1").Problem(HttpStatusCode.UnprocessableEntity, "idempotencyKeyReused");
    }

    [Fact]
    public async Task Workspaces_see_nothing_of_each_other()
    {
        var lead = await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        var made = await admin.PostOk("/v1/workspaces", """{"id":"acme","name":"Acme"}""", HttpStatusCode.Created);
        using var other = server.Client(made.Text("key"));
        await other.GetAsync($"/v1/leads/{lead.Text("leadId")}").Problem(HttpStatusCode.NotFound, "leadUnknown");
        await other.GetAsync("/v1/people/anna").Problem(HttpStatusCode.NotFound, "personUnknown");
        await other.GetAsync("/v1/process").Problem(HttpStatusCode.NotFound, "processUnknown");
        Assert.Empty((await other.GetOk("/v1/leads")).GetProperty("items").EnumerateArray());
        Assert.Empty((await other.GetOk("/v1/board")).GetProperty("cards").EnumerateObject());
        Assert.NotEmpty((await admin.GetOk("/v1/board")).GetProperty("cards").EnumerateObject());
        var theirs = await other.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        Assert.Equal("waitlisted", theirs.Text("decision"));
        await other.PostAsync("/v1/workspaces", Requests.Json("""{"id":"third"}""")).Problem(HttpStatusCode.Forbidden, "notDefaultWorkspace");
        await admin.PostAsync("/v1/workspaces", Requests.Json("""{"id":"acme"}""")).Problem(HttpStatusCode.Conflict, "workspaceExists");
    }

    [Fact]
    public async Task A_browser_logs_in_with_a_cookie_that_only_our_pages_can_use()
    {
        using var browser = server.Client(null);
        var login = await browser.PostAsync("/login", new FormUrlEncodedContent([new("key", Server.AdminKey), new("next", "//evil.example")]));
        Assert.Equal(HttpStatusCode.SeeOther, login.StatusCode);
        Assert.Equal("/", login.Headers.Location?.ToString());
        var cookie = login.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Server.AdminKey, cookie, StringComparison.Ordinal);
        browser.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        await browser.GetOk("/v1/board");
        await browser.PostAsync("/v1/people/anna/status", Requests.Json("""{"status":"away"}""")).Problem(HttpStatusCode.Forbidden, "crossSite");
        browser.DefaultRequestHeaders.Add("X-Requested-With", "capacitymesh");
        Assert.Equal("away", (await browser.PostOk("/v1/people/anna/status", """{"status":"away"}""")).Text("status"));
        browser.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        await browser.PostAsync("/v1/people/anna/status", Requests.Json("""{"status":"available"}""")).Problem(HttpStatusCode.Forbidden, "crossSite");
    }

    [Fact]
    public async Task A_one_time_link_works_once()
    {
        using var browser = server.Client(null);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync(server.FirstStart.LoginPath)).StatusCode);
        await browser.GetAsync(server.FirstStart.LoginPath).Problem(HttpStatusCode.Unauthorized, "linkSpent");
        Assert.NotNull(server.Services.GetService<OneTimeLinks>());
    }

    [Fact]
    public async Task Guessing_keys_is_slowed_down()
    {
        using var browser = server.Client(null);
        for (var i = 0; i < 10; i++) await browser.PostAsync("/login", new FormUrlEncodedContent([new("key", $"guess-number-{i}")])).Problem(HttpStatusCode.Unauthorized, "unknownKey");
        var refused = await browser.PostAsync("/login", new FormUrlEncodedContent([new("key", Server.AdminKey)]));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_browsers_need()
    {
        using var response = await admin.GetAsync("/v1/spend");
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Server"));
    }
}
