using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace CapacityMesh.Web.Tests;

// Goal: consumers learn of a change at once and pay nothing while there is none.
// Method: ETag, If-None-Match and the long poll against a campaign that a human holds and releases.
public sealed class SpendTests : IAsyncLifetime
{
    private const string Hold = """{"action":"pause","reason":"Budget review"}""";
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

    private async Task<HttpResponseMessage> Get(string path, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (tag is not null) request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));
        return await admin.SendAsync(request);
    }

    [Fact]
    public async Task What_is_known_is_304_and_what_changed_is_not()
    {
        using var first = await Get("/v1/spend", null);
        var tag = first.Headers.ETag!.ToString();
        var table = await Requests.BodyOf(first, HttpStatusCode.OK);
        Assert.Equal($"\"{table.GetProperty("version").GetInt64()}\"", tag);
        Assert.Equal("run", table.GetProperty("campaigns")[0].Text("action"));
        Assert.Equal(HttpStatusCode.NotModified, (await Get("/v1/spend", tag)).StatusCode);
        await admin.PostOk("/v1/spend/spring/hold", Hold);
        await admin.Until("/v1/spend", t => t.GetProperty("campaigns")[0].Text("action") == "pause");
        Assert.Equal(HttpStatusCode.OK, (await Get("/v1/spend", tag)).StatusCode);
        Assert.Equal("heldByHuman", (await admin.GetOk("/v1/spend/spring")).GetProperty("line").GetProperty("reason").Text("code"));
        await admin.GetAsync("/v1/spend/nothing").Problem(HttpStatusCode.NotFound, "campaignUnknown");
    }

    [Fact]
    public async Task A_long_poll_answers_when_the_table_changes_and_304_when_it_does_not()
    {
        var tag = (await Get("/v1/spend", null)).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.NotModified, (await Get("/v1/spend?wait=1", tag)).StatusCode);
        var since = Stopwatch.GetTimestamp();
        var waiting = Get("/v1/spend?wait=30", tag);
        await admin.PostOk("/v1/spend/spring/hold", Hold);
        using var changed = await waiting;
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag!.ToString());
        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10), "the change was not told at once");
    }

    [Fact]
    public async Task Consumers_acknowledge_and_humans_have_the_last_word()
    {
        using var script = await server.ClientOfRole("spend");
        Assert.Equal(1, (await script.PostOk("/v1/spend/spring/acknowledge", """{"version":1,"applied":"run"}""")).GetProperty("acknowledged").GetProperty("version").GetInt32());
        await script.PostAsync("/v1/spend/spring/acknowledge", Requests.Json("{}")).Problem(HttpStatusCode.BadRequest, "required", "version");
        await script.PostAsync("/v1/spend/spring/hold", Requests.Json(Hold)).Problem(HttpStatusCode.Forbidden, "roleNotAllowed");
        await admin.PostAsync("/v1/spend/spring/approve", null).Problem(HttpStatusCode.Conflict, "nothingProposed");
        await admin.PostAsync("/v1/spend/nothing/approve", null).Problem(HttpStatusCode.NotFound, "campaignUnknown");
        await admin.PostAsync("/v1/spend/spring/hold", Requests.Json("""{"action":"pause","reason":"x","until":"2020-01-01T00:00:00Z"}""")).Problem(HttpStatusCode.UnprocessableEntity, "holdInThePast");
    }
}
