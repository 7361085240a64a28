using System.Net;
using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CapacityMesh.Web.Tests;

// Goal: a question about the future is answered, refused by the path of its field, and changes nothing. Method: over HTTP, against a small business with
// leads under way.
public sealed class WhatIfTests
{
    private const string Ask = """{"weeks":2,"changes":[{"addPeople":{"pool":"sales","count":1,"weeklyCapacity":20}}]}""";

    [Fact]
    public async Task A_question_is_answered_with_ranges_and_the_workspace_does_not_notice()
    {
        await using var server = await Server.StartOpenAsync(weeklyCapacity: 10, concurrent: 5);
        using var client = await server.ClientOfRole("operator");
        for (var i = 0; i < 12; i++) await client.PostOk("/v1/leads", Requests.Lead($"lead-{i}@example.com"), HttpStatusCode.Created);
        var before = await VersionsAsync(server);

        var answer = await client.PostOk("/v1/whatif", Ask);
        var again = await client.PostOk("/v1/whatif", Ask);

        Assert.Equal(before, await VersionsAsync(server));
        Assert.Equal(2, answer.GetProperty("weeks").GetInt32());
        Assert.True(answer.GetProperty("seeds").GetInt32() >= 6);
        foreach (var side in new[] { "before", "after" })
        {
            var outlook = answer.GetProperty(side);
            Assert.NotNull(outlook.GetProperty("constraint").Text("pool"));
            var (low, high) = (outlook.GetProperty("admitted").GetProperty("p10").GetDouble(), outlook.GetProperty("admitted").GetProperty("p90").GetDouble());
            Assert.True(low <= high && high > 0, $"{side}: {low} to {high}");
        }
        Assert.True(answer.GetProperty("difference").GetProperty("sustainablePerWeek").GetProperty("p50").GetDouble() >= 0);
        Assert.Contains("1 more person in sales", answer.Text("summary"), StringComparison.Ordinal);
        // The picture is taken anew each time; the chance is the same.
        Assert.Equal(answer.GetProperty("seed").GetUInt64(), again.GetProperty("seed").GetUInt64());
    }

    [Theory]
    [InlineData("""{"weeks":0}""", "weeks", "outOfRange")]
    [InlineData("""{"weeks":53}""", "weeks", "outOfRange")]
    [InlineData("""{"weeks":"8"}""", "weeks", "wrongType")]
    [InlineData("""{"week":8}""", "week", "unknownKey")]
    [InlineData("""{"changes":[{"addPeople":{"pool":"sales","cuont":1}}]}""", "changes[0].addPeople.cuont", "unknownKey")]
    [InlineData("""{"changes":[{"addPeople":{"pool":"nowhere"}}]}""", "changes[0].addPeople.pool", "unknownPool")]
    [InlineData("""{"changes":[{"addPeople":{"pool":"onboarding"}}]}""", "changes[0].addPeople.pool", "poolOfSlots")]
    [InlineData("""{"changes":[{"addPeople":{"pool":"sales","count":0}}]}""", "changes[0].addPeople.count", "outOfRange")]
    [InlineData("""{"changes":[{"addSlots":{"pool":"sales","perMonth":2}}]}""", "changes[0].addSlots.pool", "poolOfPeople")]
    [InlineData("""{"changes":[{"addSlots":{"pool":"onboarding","perMonth":-2}}]}""", "changes[0].addSlots.perMonth", "outOfRange")]
    [InlineData("""{"changes":[{"scaleCampaign":{"campaign":"autumn","by":2}}]}""", "changes[0].scaleCampaign.campaign", "unknownCampaign")]
    [InlineData("""{"changes":[{"scaleCampaign":{"campaign":"spring","by":1000}}]}""", "changes[0].scaleCampaign.by", "outOfRange")]
    [InlineData("""{"changes":[{"passRate":{"stage":"discovery","to":1.5}}]}""", "changes[0].passRate.to", "impossibleRate")]
    [InlineData("""{"changes":[{"passRate":{"stage":"dreams","to":0.5}}]}""", "changes[0].passRate.stage", "unknownStage")]
    [InlineData("""{"changes":[{"promise":{"stage":"discovery","to":"two days"}}]}""", "changes[0].promise.to", "invalidDuration")]
    [InlineData("""{"changes":[{"risk":{"to":0.9}}]}""", "changes[0].risk.to", "outOfRange")]
    [InlineData("""{"changes":[{"addPeople":{"pool":"sales"},"risk":{"to":0.1}}]}""", "changes[0]", "oneChange")]
    [InlineData("""{"changes":"all"}""", "changes", "wrongType")]
    public async Task What_cannot_be_asked_is_refused_by_the_path_of_its_field(string body, string field, string code)
    {
        await using var server = await Server.StartOpenAsync();
        using var client = server.Client();

        var problem = await client.PostAsync("/v1/whatif", Requests.Json(body)).Problem(HttpStatusCode.BadRequest, code, field);

        Assert.Equal(code, problem.GetProperty("errors")[0].Text("code"));
    }

    [Fact]
    public async Task More_than_twenty_changes_are_refused()
    {
        await using var server = await Server.StartOpenAsync();
        using var client = server.Client();
        var many = string.Join(',', Enumerable.Repeat("""{"risk":{"to":0.1}}""", 21));

        await client.PostAsync("/v1/whatif", Requests.Json($$"""{"changes":[{{many}}]}""")).Problem(HttpStatusCode.BadRequest, "tooMany", "changes");
    }

    [Fact]
    public async Task Without_a_process_there_is_nothing_to_ask_about_and_without_the_role_nobody_asks()
    {
        await using var server = await Server.StartAsync();
        using var admin = server.Client();
        using var capture = await server.ClientOfRole("capture");

        await admin.PostAsync("/v1/whatif", Requests.Json("{}")).Problem(HttpStatusCode.Conflict, "noProcess");
        await capture.PostAsync("/v1/whatif", Requests.Json("{}")).Problem(HttpStatusCode.Forbidden, "roleNotAllowed");
    }

    [Fact]
    public async Task A_second_question_of_a_workspace_is_sent_away_while_the_first_is_under_way()
    {
        await using var server = await Server.StartOpenAsync();
        using var client = server.Client();
        var desk = server.Services.GetRequiredService<WhatIfDesk>();
        using var goOn = new ManualResetEventSlim();
        var started = new TaskCompletionSource();
        var first = desk.ComputeAsync("default", _ =>
        {
            started.SetResult();
            return Task.FromResult<Func<CancellationToken, int>>(stop => goOn.Wait(TimeSpan.FromSeconds(30), stop) ? 1 : 0);
        }, CancellationToken.None);
        await started.Task;

        using var refused = await client.PostAsync("/v1/whatif", Requests.Json(Ask));
        goOn.Set();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(1, await first);
        await client.PostOk("/v1/whatif", Ask);
    }

    [Fact]
    public async Task A_workspace_sees_only_its_own_business()
    {
        await using var server = await Server.StartOpenAsync();
        using var admin = server.Client();
        using var other = server.Client((await admin.PostOk("/v1/workspaces", """{"id":"other","name":"Other"}""", HttpStatusCode.Created)).Text("key"));
        await other.PutOk("/v1/process", Server.Process.Replace("\"sales\"", "\"closers\"", StringComparison.Ordinal));
        await other.PutOk("/v1/people/otto", """{"name":"Otto","pools":["closers"],"weeklyCapacity":3}""");

        var snapshot = (await other.GetOk("/v1/whatif/snapshot")).GetRawText();

        Assert.Contains("otto", snapshot, StringComparison.Ordinal);
        Assert.DoesNotContain("anna", snapshot, StringComparison.Ordinal);
        Assert.DoesNotContain("spring", snapshot, StringComparison.Ordinal);
        await other.PostAsync("/v1/whatif", Requests.Json(Ask)).Problem(HttpStatusCode.BadRequest, "unknownPool");
    }

    [Fact]
    public async Task A_snapshot_names_nobody_who_asked()
    {
        await using var server = await Server.StartOpenAsync();
        using var client = server.Client();
        var lead = (await client.PostOk("/v1/leads", Requests.Lead("berta@example.com"), HttpStatusCode.Created)).Text("leadId")!;

        var snapshot = await client.GetOk("/v1/whatif/snapshot");

        Assert.Single(snapshot.GetProperty("leads").EnumerateArray());
        Assert.DoesNotContain("berta", snapshot.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Anna Ahrens", snapshot.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(lead, snapshot.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<string> VersionsAsync(Server server)
    {
        var versions = new List<string>();
        foreach (var kind in Enum.GetValues<EntityKind>().Where(k => k is not EntityKind.Salesperson))
        {
            foreach (var key in await server.Mesh.Journal.KeysAsync("default", kind, null, 1_000, CancellationToken.None))
            {
                var id = new EntityId("default", kind, key);
                // Flow and pools look around by themselves; what counts is that no lead, campaign or contact is new or has moved.
                if (kind is EntityKind.Lead or EntityKind.Campaign or EntityKind.Contact) versions.Add($"{id} {(await server.Mesh.Journal.LoadAsync(id, CancellationToken.None))!.Version}");
                else versions.Add($"{id}");
            }
        }
        var flow = (await server.Mesh.ReadAsync<FlowState>(EntityId.Flow("default"), CancellationToken.None))!.State;
        return string.Join('\n', versions) + JsonSerializer.Serialize(flow.Totals);
    }
}
