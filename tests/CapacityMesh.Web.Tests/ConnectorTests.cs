using System.Net;
using System.Text;

namespace CapacityMesh.Web.Tests;

// Goal: connectors keep their secrets, also at rest, and belong to one workspace. Method: real requests; the rows are read as a thief would.
public sealed class ConnectorTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartAsync();
        admin = server.Client();
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Secrets_are_never_shown_and_stored_sealed()
    {
        var made = await admin.PostOk("/v1/connectors", """{"platform":"meta","secrets":{"appSecret":"very-secret-1","verifyToken":"very-secret-2"}}""", HttpStatusCode.Created);
        var id = made.Text("id")!;
        Assert.True(id.Length >= 32, "the id can be guessed");
        var read = await admin.GetOk($"/v1/connectors/{id}");
        Assert.Equal(["appSecret", "verifyToken"], read.GetProperty("secrets").EnumerateObject().Select(s => s.Name));
        Assert.DoesNotContain("very-secret", read.GetRawText(), StringComparison.Ordinal);
        var rows = await server.Mesh.Journal.Rows.ListAsync("default", "connectors", null, null, 10, CancellationToken.None);
        Assert.DoesNotContain("very-secret", Encoding.UTF8.GetString(Assert.Single(rows).Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_left_out_stays_and_null_removes_it()
    {
        await admin.PutOk("/v1/connectors/my-meta", """{"platform":"meta","secrets":{"appSecret":"a","verifyToken":"v"}}""");
        await admin.PutOk("/v1/connectors/my-meta", """{"platform":"meta","secrets":{"appSecret":null},"campaigns":{"1":"spring"}}""");
        Assert.Equal("""{"verifyToken":true}""", (await admin.GetOk("/v1/connectors/my-meta")).GetProperty("secrets").GetRawText());
        using var caller = server.Client(key: null);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/v1/capture/meta/my-meta?hub.mode=subscribe&hub.verify_token=v&hub.challenge=1")).StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_is_said_field_by_field()
    {
        foreach (var (body, field) in new[]
        {
            ("""{"platform":"myspace"}""", "platform"), ("""{"platform":"google","secrets":{"appSecret":"x"}}""", "secrets"), ("""{"platform":"meta","apiBaseUrl":"http://graph.example"}""", "apiBaseUrl"),
            ("""{"platform":"meta","apiBaseUrl":"https://user@graph.example"}""", "apiBaseUrl"), ("""{"platform":"form","map":{"email":{}}}""", "map"), ("""{"platform":"form","campaigns":{"1":"a b"}}""", "campaigns"),
        })
        {
            using var response = await admin.PostAsync("/v1/connectors", Requests.Json(body));
            var problem = await Requests.BodyOf(response, HttpStatusCode.BadRequest);
            Assert.Contains(field, problem.GetProperty("errors").EnumerateArray().Select(e => e.Text("field")));
        }
    }

    [Fact]
    public async Task An_idempotency_key_makes_one_connector_and_a_deleted_one_answers_404()
    {
        using var first = await admin.PostKeyed("/v1/connectors", """{"platform":"form"}""", "k");
        using var second = await admin.PostKeyed("/v1/connectors", """{"platform":"form"}""", "k");
        var id = (await Requests.BodyOf(first, HttpStatusCode.Created)).Text("id");
        Assert.Equal(id, (await Requests.BodyOf(second, HttpStatusCode.Created)).Text("id"));
        Assert.Single((await admin.GetOk("/v1/connectors")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/v1/connectors/{id}")).StatusCode);
        await admin.PostAsync($"/v1/capture/form/{id}", null).Problem(HttpStatusCode.NotFound, "connectorUnknown");
        await admin.GetAsync($"/v1/connectors/{id}").Problem(HttpStatusCode.NotFound, "connectorUnknown");
    }

    [Fact]
    public async Task Another_workspace_sees_nothing_and_takes_no_id()
    {
        await admin.PutOk("/v1/connectors/mine", """{"platform":"form"}""");
        using var other = server.Client((await admin.PostOk("/v1/workspaces", """{"id":"other","name":"Other"}""", HttpStatusCode.Created)).Text("key"));
        await other.GetAsync("/v1/connectors/mine").Problem(HttpStatusCode.NotFound, "connectorUnknown");
        await other.DeleteAsync("/v1/connectors/mine").Problem(HttpStatusCode.NotFound, "connectorUnknown");
        await other.PutAsync("/v1/connectors/mine", Requests.Json("""{"platform":"form"}""")).Problem(HttpStatusCode.Conflict, "connectorIdTaken");
        Assert.Empty((await other.GetOk("/v1/connectors")).GetProperty("items").EnumerateArray());
    }
}
