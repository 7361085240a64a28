using System.Net;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: LinkedIn's challenge is answered, its leads come in once, and those it takes back do not live on, in whichever order it says so.
// Method: a stand-in for its API; signatures by an independent computation.
public sealed class LinkedInCaptureTests : IAsyncLifetime
{
    private StandIn api = null!;
    private Server server = null!;
    private HttpClient admin = null!;
    private HttpClient linkedIn = null!;
    private string path = null!;
    private Func<Sent, int, (int, string)> answer = (_, _) => (200, Response);

    private const string Response = """
        {"id":"abc-1","submittedAt":1793535000000,"testLead":false,"leadMetadata":{"sponsoredLeadMetadata":{"campaign":"urn:li:sponsoredCampaign:777"}},
         "formResponse":{"answers":[{"questionId":1,"answerDetails":{"textQuestionAnswer":{"answer":"Lea Lang"}}},{"questionId":2,"answerDetails":{"textQuestionAnswer":{"answer":"lea@example.com"}}}]}}
        """;

    public async Task InitializeAsync()
    {
        api = await StandIn.StartAsync((sent, n) => answer(sent, n));
        server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        admin = server.Client();
        linkedIn = server.Client(key: null);
        path = await admin.ConnectorAsync($$$"""{"platform":"linkedin","secrets":{"clientSecret":"client","accessToken":"token"},"map":{"name":1,"requireSignature":true},"apiBaseUrl":"{{{api.Address}}}","campaigns":{"777":"spring"}}""");
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        linkedIn.Dispose();
        await server.DisposeAsync();
        await api.DisposeAsync();
    }

    private Task<HttpResponseMessage> Post(string action, string secret = "client")
    {
        var body = $$"""{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:abc-1","leadAction":"{{action}}","occurredAt":1793535000000}""";
        return linkedIn.PostSigned(path, body, "X-LI-Signature", PlatformCalls.HmacHex(secret, "hmacsha256=" + body));
    }

    [Fact]
    public async Task The_challenge_is_answered_under_the_client_secret()
    {
        var reply = await linkedIn.GetOk($"{path}?challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed0");
        Assert.Equal("890e4665-4dfe-4ab1-b689-ed553bceeed0", reply.Text("challengeCode"));
        Assert.Equal(PlatformCalls.HmacHex("client", "890e4665-4dfe-4ab1-b689-ed553bceeed0"), reply.Text("challengeResponse"));
        await linkedIn.GetAsync(path).Problem(HttpStatusCode.BadRequest, "required", "challengeCode");
    }

    [Fact]
    public async Task A_created_lead_is_fetched_once_with_the_documented_headers()
    {
        Assert.Equal(HttpStatusCode.OK, (await Post("CREATED")).StatusCode);
        var lead = await admin.GetOk($"/v1/leads/{Assert.Single(await admin.LeadsAsync(1)).Text("id")}");
        Assert.Equal(("spring", "Lea Lang", "lea@example.com"), (lead.Text("campaign"), lead.GetProperty("profile").Text("name"), lead.GetProperty("profile").Text("email")));
        var asked = Assert.Single(await api.Until(1));
        Assert.Equal(("/rest/leadFormResponses/abc-1", "2.0.0", "Bearer token"), (asked.Path, asked.Headers["x-restli-protocol-version"], asked.Headers["authorization"]));
        Assert.Matches("^[0-9]{6}$", asked.Headers["linkedin-version"]);
        await admin.UntilCounted("linkedin", "captured", 1);
        Assert.Equal(HttpStatusCode.OK, (await Post("CREATED")).StatusCode);
        await admin.UntilCounted("linkedin", "repeated", 1);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_wrong_or_missing_signature_is_refused_where_one_is_required()
    {
        await Post("CREATED", "guess").Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await linkedIn.PostAsync(path, Requests.Json("{}")).Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await Post("OTHER").Problem(HttpStatusCode.BadRequest, "malformed");
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_deleted_lead_is_retracted_and_what_was_written_is_gone()
    {
        (await Post("CREATED")).Dispose();
        var id = Assert.Single(await admin.LeadsAsync(1)).Text("id");
        (await Post("DELETED")).Dispose();
        var lead = await admin.Until($"/v1/leads/{id}", l => l.Text("state") == "retracted" && l.GetProperty("submission").ValueKind is JsonValueKind.Null);
        Assert.Equal("retracted", lead.Text("state"));
    }

    [Fact]
    public async Task A_lead_deleted_before_it_was_created_or_while_it_is_fetched_does_not_live()
    {
        answer = (_, n) => n < 3 ? (503, "") : (200, Response);
        (await Post("CREATED")).Dispose();
        await api.Until(1);
        (await Post("DELETED")).Dispose();
        (await Post("CREATED")).Dispose();
        await admin.UntilCounted("linkedin", "queued", 3);
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while ((await server.Mesh.Journal.Rows.ListAsync("default", "captureQueue", null, null, 10, CancellationToken.None)).Count > 0)
        {
            Assert.True(DateTime.UtcNow < deadline, "the queue never emptied");
            await Task.Delay(10);
        }
        Assert.All(await admin.LeadsAsync((await admin.GetOk("/v1/leads")).GetProperty("items").GetArrayLength()), l => Assert.Equal("retracted", l.Text("state")));
    }
}
