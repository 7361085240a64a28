using System.Net;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Web.Tests;

// Goal: of two processes on one journal one calls the outside world: campaigns, outcomes and webhooks; when the duty moves, the other goes on from the rows.
// Method: two servers, a duty that the test hands over, and stand-ins on real sockets that count what they are told.
public sealed class DutyTests
{
    private sealed class HandedDuty(bool isMine) : IDuty, IDisposable
    {
        private readonly Lock turn = new();
        private CancellationTokenSource lost = new();
        private TaskCompletionSource taken = isMine ? Done() : new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsMine { get; private set; } = isMine;

        public async Task<CancellationToken> TakeAsync(CancellationToken cancel)
        {
            await taken.Task.WaitAsync(cancel);
            return lost.Token;
        }

        public void Take()
        {
            lock (turn)
            {
                (IsMine, lost) = (true, new CancellationTokenSource());
                taken.SetResult();
            }
        }

        public void Lose()
        {
            lock (turn)
            {
                (IsMine, taken) = (false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                lost.Cancel();
            }
        }

        public void Dispose() => lost.Dispose();

        private static TaskCompletionSource Done()
        {
            var done = new TaskCompletionSource();
            done.SetResult();
            return done;
        }
    }

    private static WebOptions Options(WebOptions options) => PlatformCalls.Near(options) with { ActuatorReadEvery = TimeSpan.FromDays(1) };

    [Fact]
    public async Task Whoever_takes_over_sends_nothing_again_that_was_sent_a_moment_ago()
    {
        // More than the newest that are kept for people to look through.
        const int Leads = 260;
        await using var receiver = await StandIn.StartAsync((_, _) => (200, ""));
        await using var journal = new MemoryJournal();
        using var first = new HandedDuty(true);
        using var second = new HandedDuty(false);
        await using var a = await Server.StartAsync(Options, journal, duty: first);
        using var atA = a.Client();
        await atA.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"x"}""");
        await atA.PutOk("/v1/webhooks/hook", $$"""{"url":"{{receiver.Address}}/hook","events":["lead.opened"]}""");
        for (var i = 0; i < Leads; i++) await atA.PostOk("/v1/leads", Requests.Lead($"p{i}@example.com"), HttpStatusCode.Created);
        await receiver.Until(Leads);
        await atA.Until("/v1/webhooks/hook/deliveries?state=pending&limit=500", d => d.GetProperty("items").GetArrayLength() == 0);
        first.Lose();
        await using var b = await Server.StartAsync(Options, journal, duty: second);
        using var atB = b.Client();
        second.Take();
        await atB.PostOk("/v1/leads", Requests.Lead("last@example.com"), HttpStatusCode.Created);
        await receiver.Until(Leads + 1);
        await atB.Until("/v1/webhooks/hook/deliveries?state=pending&limit=500", d => d.GetProperty("items").GetArrayLength() == 0);
        Assert.Equal(Leads + 1, receiver.Requests.Count);
    }

    [Fact]
    public async Task One_of_two_processes_steers_uploads_and_posts_and_the_other_goes_on_when_the_duty_moves()
    {
        await using var platform = await AdPlatform.StartAsync(AdDialects.Of("linkedin"));
        await using var receiver = await StandIn.StartAsync((_, _) => (200, ""));
        await using var journal = new MemoryJournal();
        using var first = new HandedDuty(true);
        using var second = new HandedDuty(false);
        await using var a = await Server.StartAsync(Options, journal, duty: first);
        using var atA = a.Client();
        await atA.PutOk("/v1/campaigns/spring", """{"name":"Spring","channel":"x"}""");
        var connector = platform.Dialect.Connector(platform.Address, ""","actuate":"apply" """).Replace("\"won\"", "\"captured\"", StringComparison.Ordinal);
        await atA.PutOk("/v1/connectors/ads", connector);
        await atA.PutOk("/v1/webhooks/hook", $$"""{"url":"{{receiver.Address}}/hook","events":["spend.changed"]}""");
        await using var b = await Server.StartAsync(Options, journal, duty: second);
        using var atB = b.Client();
        await atA.PostOk("/v1/spend/spring/hold", """{"action":"pause","reason":"test"}""");
        await atA.PostOk("/v1/leads", Requests.Lead("a@example.com"), HttpStatusCode.Created);
        await atA.Until("/v1/actuators", l => l.GetProperty("items")[0].GetProperty("applied") is { ValueKind: System.Text.Json.JsonValueKind.Object } applied && applied.Text("action") == "pause");
        await atA.Until("/v1/connectors/ads/outcomes?state=done", o => o.GetProperty("items").GetArrayLength() == 1);
        await receiver.Until(1);
        // Asked of the process that does not steer, it is seen to by the one that does.
        var reads = platform.Of("read").Length;
        Assert.Equal(HttpStatusCode.Accepted, (await atB.PostAsync($"/v1/actuators/ads/{AdPlatform.Campaign}/look", null)).StatusCode);
        Assert.Equal(reads, platform.Of("read").Length);
        first.Lose();
        // While nobody has the duty, what happens stands in the journal.
        await atA.PostOk("/v1/leads", Requests.Lead("b@example.com"), HttpStatusCode.Created);
        second.Take();
        await platform.Until(p => p.Of("read").Length > reads);
        await atB.Until("/v1/connectors/ads/outcomes?state=done", o => o.GetProperty("items").GetArrayLength() == 2);
        await atB.PostOk("/v1/spend/spring/hold", """{"action":"run","reason":"test"}""");
        await platform.Until(p => p.Changes == "pause resume");
        await atB.PostOk("/v1/leads", Requests.Lead("c@example.com"), HttpStatusCode.Created);
        await atB.Until("/v1/connectors/ads/outcomes?state=done", o => o.GetProperty("items").GetArrayLength() == 3);
        await receiver.Until(2);
        // Nothing twice, and nothing of what came between lost.
        Assert.Equal(3, platform.Uploads.Select(u => AdPlatform.Json(u).GetProperty("elements").EnumerateArray().Select(e => e.Text("eventId")).Single()).Distinct().Count());
        Assert.Equal(3, platform.Uploads.Count);
        Assert.Equal(receiver.Requests.Count, receiver.Requests.Select(r => r.Headers["webhook-id"]).Distinct().Count());
    }
}
