using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;

namespace CapacityMesh.Web.Tests;

// Goal: whoever asked is told of every committed fact, signed, in order, at least once, and soon. Method: a receiver on a real socket that fails as told;
// signatures are checked by a computation of the test's own.
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
    private StandIn receiver = null!;
    private Server server = null!;
    private HttpClient admin = null!;
    private Func<Sent, int, (int, string)> answer = (_, _) => (204, "");

    public async Task InitializeAsync()
    {
        receiver = await StandIn.StartAsync((sent, n) => answer(sent, n));
        server = await Server.StartOpenAsync(configure: PlatformCalls.Near);
        admin = server.Client();
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        await server.DisposeAsync();
        await receiver.DisposeAsync();
    }

    private Task<JsonElement> Subscribe(string events, HttpClient? by = null, string? url = null) =>
        (by ?? admin).PutOk("/v1/webhooks/hook", $$"""{"url":"{{url ?? receiver.Address + "/in"}}","events":[{{events}}],"secret":"{{Secret}}"}""");

    private static string TypeOf(Sent sent) => JsonDocument.Parse(sent.Body).RootElement.Text("type")!;

    private Task<JsonElement> HoldAsync(string action) => admin.PostOk("/v1/spend/spring/hold", $$"""{"action":"{{action}}","reason":"Budget review"}""");

    private Task<JsonElement> Deliveries(Func<JsonElement[], bool> fits) => admin.Until("/v1/webhooks/hook/deliveries", d => fits([.. d.GetProperty("items").EnumerateArray()]));

    [Fact]
    public async Task A_receiver_that_was_down_for_more_than_is_kept_gets_every_message_all_the_same()
    {
        var isDown = true;
        answer = (_, _) => (isDown ? 503 : 204, "");
        await using var small = await Server.StartOpenAsync(configure: o => PlatformCalls.Near(o) with { WebhookPendingMax = 10 });
        using var operating = small.Client();
        await Subscribe("\"lead.opened\"", operating);
        for (var i = 0; i < 30; i++)
        {
            await operating.PostOk("/v1/leads", Requests.Lead($"p{i}@example.com"), HttpStatusCode.Created);
            // One by one, as over an hour: a batch may stand a little above the limit.
            if (i == 12) await operating.Until("/v1/webhooks/hook/deliveries", d => d.GetProperty("items").GetArrayLength() >= 10);
        }
        Assert.Equal("hook", (await operating.Until("/v1/audit", a => a.GetProperty("webhooksBehind").GetArrayLength() == 1)).GetProperty("webhooksBehind")[0].Text("webhook"));
        isDown = false;
        var leads = (await operating.GetOk("/v1/leads?limit=100")).GetProperty("items").EnumerateArray().Select(l => l.Text("id")!).ToHashSet();
        Assert.Equal(30, leads.Count);
        var deadline = DateTime.UtcNow.AddSeconds(30);
        var told = new HashSet<string>();
        while (told.Count < 30)
        {
            Assert.True(DateTime.UtcNow < deadline, $"{told.Count} of 30 came");
            await Task.Delay(50);
            told = [.. (await operating.GetOk("/v1/webhooks/hook/deliveries?state=delivered&limit=500")).GetProperty("items").EnumerateArray().Select(d => d.GetProperty("payload").GetProperty("data").Text("leadId")!)];
        }
        Assert.Equal(leads, told);
        await operating.Until("/v1/audit", a => a.GetProperty("webhooksBehind").GetArrayLength() == 0);
        Assert.DoesNotContain("capacitymesh_webhook_messages_deferred_total 0", await operating.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_signal_arrives_signed_within_a_second()
    {
        await Subscribe("\"spend.changed\"");
        var since = DateTimeOffset.UtcNow;
        await HoldAsync("pause");
        var sent = Assert.Single(await receiver.Until(1));
        Assert.True(sent.At - since < TimeSpan.FromSeconds(1), $"it took {sent.At - since}");
        var (id, stamp) = (sent.Headers["webhook-id"], sent.Headers["webhook-timestamp"]);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{stamp}.{sent.Body}")));
        Assert.Equal($"v1,{expected}", sent.Headers["webhook-signature"]);
        Assert.InRange(long.Parse(stamp, System.Globalization.CultureInfo.InvariantCulture), since.ToUnixTimeSeconds(), since.ToUnixTimeSeconds() + 10);
        var body = JsonDocument.Parse(sent.Body).RootElement;
        Assert.Equal("spend.changed", body.Text("type"));
        Assert.Equal("pause", body.GetProperty("data").GetProperty("line").Text("action"));
        Assert.Equal((await admin.GetOk("/v1/spend")).GetProperty("version").GetInt64(), body.GetProperty("data").GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_leads_steps_arrive_in_order_through_failures_and_name_nobody()
    {
        await Subscribe("\"lead.*\"");
        answer = (_, n) => n is 0 or 1 or 3 ? (500, "") : (200, "");
        var id = (await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created)).Text("leadId");
        await receiver.Until(1, s => TypeOf(s) == "lead.offered");
        await Deliveries(d => d.Length > 0 && d.All(x => x.Text("state") == "delivered"));
        var sent = receiver.Requests.ToArray();
        Assert.Equal(sent[0].Headers["webhook-id"], sent[1].Headers["webhook-id"]);
        var order = sent.Select(TypeOf).Where((t, i) => i == 0 || t != TypeOf(sent[i - 1])).ToArray();
        Assert.Equal(["lead.opened", "lead.admitted", "lead.stageEntered", "lead.offered"], order.Take(4));
        Assert.All(sent, s => Assert.Equal(id, JsonDocument.Parse(s.Body).RootElement.GetProperty("data").Text("leadId")));
        Assert.All(sent, s => Assert.DoesNotContain("example.com", s.Body + s.Query, StringComparison.Ordinal));
        Assert.All(sent, s => Assert.DoesNotContain("Ben", s.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_sent()
    {
        await Subscribe("\"lead.won\",\"spend.changed\"");
        await admin.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
        await HoldAsync("pause");
        Assert.Equal("spend.changed", TypeOf(Assert.Single(await receiver.Until(1))));
    }

    [Fact]
    public async Task Signals_of_one_campaign_keep_their_order_while_the_receiver_fails()
    {
        await Subscribe("\"spend.changed\"");
        answer = (_, n) => n < 4 ? (503, "") : (200, "");
        foreach (var action in new[] { "pause", "run", "pause", "run" })
        {
            await HoldAsync(action);
            await admin.Until("/v1/spend/spring", l => l.GetRawText().Contains($"\"action\":\"{action}\"", StringComparison.Ordinal));
        }
        await Deliveries(d => d.Length == 4 && d.All(x => x.Text("state") == "delivered"));
        var heard = receiver.Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("data").GetProperty("line").Text("action")!).Skip(4).ToArray();
        Assert.Equal(["pause", "run", "pause", "run"], heard);
    }

    [Fact]
    public async Task A_dead_letter_is_listed_and_can_be_sent_again()
    {
        await using var strict = await Server.StartOpenAsync(configure: o => PlatformCalls.Near(o) with { CalloutGiveUpAfter = TimeSpan.FromMilliseconds(150) });
        using var own = strict.Client();
        answer = (_, _) => (500, "");
        await Subscribe("\"spend.changed\"", own);
        await own.PostOk("/v1/spend/spring/hold", """{"action":"pause","reason":"x"}""");
        var listed = await own.Until("/v1/webhooks/hook/deliveries?state=dead", d => d.GetProperty("items").GetArrayLength() == 1);
        var dead = listed.GetProperty("items")[0];
        Assert.Equal(500, dead.GetProperty("lastStatus").GetInt32());
        Assert.True(dead.GetProperty("attempts").GetInt32() > 1);
        answer = (_, _) => (200, "");
        Assert.Equal("pending", (await own.PostOk($"/v1/webhooks/hook/deliveries/{dead.Text("id")}/resend")).Text("state"));
        var done = await own.Until("/v1/webhooks/hook/deliveries?state=delivered", d => d.GetProperty("items").GetArrayLength() == 1);
        Assert.Equal(dead.Text("messageId"), done.GetProperty("items")[0].Text("messageId"));
        Assert.Single(receiver.Requests.Select(r => r.Headers["webhook-id"]).Distinct());
        await own.PostAsync("/v1/webhooks/hook/deliveries/nothing/resend", null).Problem(HttpStatusCode.NotFound, "deliveryUnknown");
    }

    [Fact]
    public async Task What_was_not_delivered_before_a_stop_or_not_even_noted_is_told_after_the_start()
    {
        await using var journal = new MemoryJournal();
        ReadOnlyMemory<byte> position;
        answer = (_, _) => (500, "");
        await using (var first = await Server.StartOpenAsync(configure: PlatformCalls.Near, given: journal))
        {
            using var own = first.Client();
            await Subscribe("\"spend.changed\",\"lead.admitted\"", own);
            position = (await journal.Rows.GetAsync(Webhooks.WebhookBook.PositionKey("default"), CancellationToken.None))!.Value;
            await own.PostOk("/v1/spend/spring/hold", """{"action":"pause","reason":"x"}""");
            await own.PostOk("/v1/leads", Requests.Lead("ben@example.com"), HttpStatusCode.Created);
            await own.Until("/v1/webhooks/hook/deliveries", d => d.GetProperty("items").GetArrayLength() == 2);
        }
        // As if we had died between the commit and the rows.
        var rows = await journal.Rows.ListAsync("default", "deliveries", null, null, 10, CancellationToken.None);
        await journal.Rows.ApplyAsync([.. rows.Select(r => new RowChange(r.Key, null)), new RowChange(Webhooks.WebhookBook.PositionKey("default"), position)], CancellationToken.None);
        var before = receiver.Requests.Select(r => r.Headers["webhook-id"]).ToHashSet();
        receiver.Requests.Clear();
        answer = (_, _) => (200, "");
        await using var second = await Server.StartAsync(PlatformCalls.Near, journal);
        var sent = await receiver.Until(2);
        Assert.Equal(["lead.admitted", "spend.changed"], sent.Select(TypeOf).Order(StringComparer.Ordinal));
        Assert.True(before.IsSubsetOf(sent.Select(s => s.Headers["webhook-id"])), "a message has another id the second time");
    }

    [Fact]
    public async Task A_host_of_our_own_network_is_refused_by_default_and_the_delivery_says_why()
    {
        await using var careful = await Server.StartOpenAsync(configure: o => o with { CalloutRetryAfter = TimeSpan.FromMilliseconds(20) });
        using var own = careful.Client();
        await own.PutAsync("/v1/webhooks/hook", Requests.Json($$"""{"url":"{{receiver.Address}}","events":["lead.*"]}""")).Problem(HttpStatusCode.BadRequest, "invalidUrl", "url");
        await Subscribe("\"spend.changed\"", own, receiver.Address.Replace("http://", "https://", StringComparison.Ordinal));
        await own.PostOk("/v1/spend/spring/hold", """{"action":"pause","reason":"x"}""");
        var tried = await own.Until("/v1/webhooks/hook/deliveries", d => d.GetProperty("items").EnumerateArray().Any(x => x.GetProperty("attempts").GetInt32() > 1));
        Assert.Contains("private", tried.GetProperty("items")[0].Text("lastFault"), StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_a_redirect_is_not_followed()
    {
        var made = await admin.PutOk("/v1/webhooks/other", $$"""{"url":"{{receiver.Address}}/in","events":["spend.changed"]}""");
        Assert.StartsWith("whsec_", made.Text("secret"), StringComparison.Ordinal);
        Assert.Null((await admin.GetOk("/v1/webhooks/other")).Text("secret"));
        Assert.Null((await admin.PutOk("/v1/webhooks/other", $$"""{"url":"{{receiver.Address}}/in","events":["spend.changed"]}""")).Text("secret"));
        answer = (_, _) => (302, receiver.Address + "/elsewhere");
        await HoldAsync("pause");
        await receiver.Until(2);
        Assert.All(receiver.Requests, r => Assert.Equal("/in", r.Path));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/v1/webhooks/other")).StatusCode);
        await admin.GetAsync("/v1/webhooks/other/deliveries").Problem(HttpStatusCode.NotFound, "webhookUnknown");
        foreach (var body in new[] { """{"url":"https://a.example","events":["lead.nothing"]}""", """{"url":"https://a.example","events":[]}""" })
        {
            await admin.PutAsync("/v1/webhooks/other", Requests.Json(body)).Problem(HttpStatusCode.BadRequest, "unknownEvent", "events");
        }
        await admin.PutAsync("/v1/webhooks/other", Requests.Json("""{"url":"https://a.example","events":["lead.*"],"secret":"short"}""")).Problem(HttpStatusCode.BadRequest, "invalidSecret", "secret");
    }
}
