using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Testing;

namespace CapacityMesh.Web.Tests;

// Goal: a command that its machine keeps failing on stops nobody else, says why, and can be tried again over HTTP once its cause is mended.
// Method: an effect in the outbox that opens a lead under a process version that nobody published, as a defect would; later the version is published.
public sealed class ParkedTests
{
    private const string Workspace = "default";
    private static readonly EntityId Lead = new(Workspace, EntityKind.Lead, "poisoned");

    [Fact]
    public async Task A_poisoned_command_is_parked_with_its_reason_while_others_go_on_and_is_tried_again_when_told()
    {
        await using var journal = new MemoryJournal();
        await journal.CommitAsync(Poison(version: 2), default);
        await using var server = await Server.StartAsync(given: journal);
        using var admin = await server.ClientOfRole("admin");
        using var defined = await admin.PutAsync(new Uri("/v1/process", UriKind.Relative), new StringContent(Server.Process, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, defined.StatusCode);

        var first = await ParkedAsync(admin, after: null);
        Assert.Equal("lead/poisoned", first.GetProperty("to").GetString());
        Assert.Contains("never published", first.GetProperty("reason").GetString(), StringComparison.Ordinal);
        using var captured = await admin.PostAsJsonAsync(new Uri("/v1/leads", UriKind.Relative), new { contact = new { name = "A", email = "a@example.com" } });
        Assert.Equal(HttpStatusCode.Created, captured.StatusCode);

        // While the cause remains it is parked again.
        await RetryAsync(admin, first, HttpStatusCode.OK);
        var again = await ParkedAsync(admin, after: first.GetProperty("parkedAt").GetDateTimeOffset());
        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());

        using var mended = await admin.PutAsync(new Uri("/v1/process", UriKind.Relative), new StringContent(Server.Process.Replace("\"risk\":0.1", "\"risk\":0.2", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, mended.StatusCode);
        await RetryAsync(admin, again, HttpStatusCode.OK);
        await Business.EventuallyAsync("the lead is opened", async () => (await server.Mesh.ReadAsync<LeadState>(Lead, default))?.Version > 0);
        Assert.Empty((await admin.GetFromJsonAsync<JsonElement>(new Uri("/v1/parked", UriKind.Relative))).EnumerateArray());
        await RetryAsync(admin, again, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_parked_is_for_admins()
    {
        await using var server = await Server.StartAsync();
        using var operating = await server.ClientOfRole("operator");
        using var refused = await operating.GetAsync(new Uri("/v1/parked", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task RetryAsync(HttpClient admin, JsonElement parked, HttpStatusCode expected)
    {
        using var response = await admin.PostAsJsonAsync(new Uri("/v1/parked/retry", UriKind.Relative), new { id = parked.GetProperty("id").GetString() });
        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<JsonElement> ParkedAsync(HttpClient admin, DateTimeOffset? after)
    {
        JsonElement[] parked = [];
        await Business.EventuallyAsync("it is parked", async () =>
            (parked = [.. (await admin.GetFromJsonAsync<JsonElement>(new Uri("/v1/parked", UriKind.Relative))).EnumerateArray()]).Length == 1
            && (after is null || parked[0].GetProperty("parkedAt").GetDateTimeOffset() > after));
        return parked[0];
    }

    private static CommitBatch Poison(int version)
    {
        var command = new LeadCommand.Open(new Submission(Lead.Key, "c-poisoned", "spring", DateTimeOffset.UtcNow, []), new Verdict(IntakeDecision.Admitted, version, null, null, new Reason("x", "x")));
        var batch = new CommitBatch();
        batch.EffectsAdded.Add(new StoredEffect(0, new EffectId(new EntityId(Workspace, EntityKind.Contact, "nobody"), 1, 0), Lead, false, EffectCodec.Encode(Lead, command, null)));
        return batch;
    }
}
