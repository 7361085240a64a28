using System.Net;
using System.Text.Json;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Simulation.WhatIf;
using CapacityMesh.Testing;
using CapacityMesh.Web.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CapacityMesh.Web.Tests;

// Goal: forecasts are written once a day, survive a restart, stand beside what happened, and are scored; advice is made in the background. Method: the
// server runs on a clock that goes only when told to, and the forecaster looks only when told to; the score is checked on records made by hand.
public sealed class ForecastTests
{
    private static WebOptions Quick(WebOptions options) =>
        options with { LookAheadEvery = TimeSpan.FromHours(1), AdviceEvery = TimeSpan.Zero, ForecastSeeds = 2, LookAheadPaces = false };

    [Fact]
    public async Task A_forecast_is_written_once_a_day_and_survives_a_restart()
    {
        var time = new ManualTime();
        using var journal = new Keeping();
        string first;
        await using (var server = await StartAsync(time, journal.Journal))
        {
            using var client = server.Client();
            Assert.Equal(JsonValueKind.Null, (await client.GetOk("/v1/forecast")).GetProperty("latest").ValueKind);
            await LookAsync(server);
            first = (await client.GetOk("/v1/forecast")).GetProperty("latest").Text("at")!;
            time.Advance(TimeSpan.FromHours(2));
            await LookAsync(server);
            Assert.Equal(first, (await client.GetOk("/v1/forecast")).GetProperty("latest").Text("at"));
        }

        await using var later = await Server.StartAsync(Quick, journal.Journal, time);
        using var again = later.Client();
        await LookAsync(later);
        var kept = (await again.GetOk("/v1/forecast")).GetProperty("latest");
        Assert.Equal(first, kept.Text("at"));
        Assert.Equal(Forecast.Weeks, kept.GetProperty("weeks").GetArrayLength());
        Assert.Equal("sales", kept.GetProperty("weeks")[0].Text("constraint"));

        time.Advance(TimeSpan.FromDays(1));
        await LookAsync(later);
        Assert.NotEqual(first, (await again.GetOk("/v1/forecast")).GetProperty("latest").Text("at"));
    }

    [Fact]
    public async Task What_happened_stands_beside_what_was_expected()
    {
        var time = new ManualTime();
        using var journal = new Keeping();
        await using var server = await StartAsync(time, journal.Journal);
        using var client = server.Client();
        await LookAsync(server);
        for (var day = 0; day < 8; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            if (day == 2) for (var i = 0; i < 3; i++) await client.PostOk("/v1/leads", Requests.Lead($"lead-{i}@example.com"), HttpStatusCode.Created);
            await LookAsync(server);
        }

        var past = (await client.GetOk("/v1/forecast")).GetProperty("past")[0].GetProperty("weeks");

        Assert.Equal(3, past[0].GetProperty("admitted").GetProperty("actual").GetDouble());
        Assert.Equal("sales", past[0].Text("actualConstraint"));
        Assert.Equal(JsonValueKind.Null, past[1].GetProperty("admitted").GetProperty("actual").ValueKind);
    }

    [Fact]
    public async Task Two_workspaces_have_forecasts_of_their_own()
    {
        var time = new ManualTime();
        using var journal = new Keeping();
        await using var server = await StartAsync(time, journal.Journal);
        using var admin = server.Client();
        using var other = server.Client((await admin.PostOk("/v1/workspaces", """{"id":"other","name":"Other"}""", HttpStatusCode.Created)).Text("key"));
        await LookAsync(server);

        Assert.NotEqual(JsonValueKind.Null, (await admin.GetOk("/v1/forecast")).GetProperty("latest").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await other.GetOk("/v1/forecast")).GetProperty("latest").ValueKind);
    }

    [Fact]
    public async Task Forecasts_older_than_half_a_year_are_let_go()
    {
        using var journal = new Keeping();
        await using var server = await Server.StartAsync(Quick, journal.Journal);
        var book = server.Services.GetRequiredService<ForecastBook>();
        var start = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
        for (var day = 0; day < ForecastBook.DaysKept + 20; day++) await book.WriteAsync("default", Record(start.AddDays(day), 0, 0), CancellationToken.None);

        var kept = await book.ReadAsync("default", CancellationToken.None);

        Assert.Equal(ForecastBook.DaysKept, kept.Count);
        Assert.Equal(start.AddDays(ForecastBook.DaysKept + 19), kept[^1].At);
    }

    [Fact]
    public void The_score_is_the_share_of_figures_within_their_range()
    {
        var start = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
        // Ten admitted a day; the forecast says 60 to 80 a week on even days and 0 to 5 on odd ones.
        ForecastRecord[] records = [.. Enumerable.Range(0, 30).Select(day => Record(start.AddDays(day), 10 * day, day % 2 == 0 ? 60 : 0))];

        var reply = ForecastReply.Of(records, now: null);

        // Days 0 to 22 have a week that is over, 0 to 15 a second, 0 to 8 a third, 0 and 1 a fourth.
        Assert.Equal(23 + 16 + 9 + 2, reply.Score.Admitted.Of);
        Assert.Equal(12 + 8 + 5 + 1, reply.Score.Admitted.Inside);
        Assert.Equal(0.52, reply.Score.Admitted.Coverage);
        Assert.Equal(1, reply.Score.Constraint.Coverage);
        Assert.Equal(70, reply.Past[0].Weeks[0].Admitted.Actual);
        Assert.Equal(0.8, reply.Score.Target);
    }

    [Fact]
    public void A_gap_in_the_records_leaves_a_week_unknown_rather_than_guessed()
    {
        var start = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);
        ForecastRecord[] records = [Record(start, 0, 60), Record(start.AddDays(20), 200, 60)];

        var reply = ForecastReply.Of(records, now: null);

        Assert.Equal(0, reply.Score.Admitted.Of);
        Assert.Null(reply.Score.Admitted.Coverage);
    }

    [Fact]
    public async Task Advice_is_found_in_the_background_and_each_change_can_be_asked_about_as_it_stands()
    {
        var time = new ManualTime();
        using var journal = new Keeping();
        await using var server = await StartAsync(time, journal.Journal);
        using var client = server.Client();
        var first = await client.GetOk("/v1/constraint");
        Assert.Equal(JsonValueKind.Null, first.GetProperty("adviceAt").ValueKind);
        Assert.NotEmpty(first.GetProperty("advice").EnumerateArray());

        await LookAsync(server);
        var constraint = await client.GetOk("/v1/constraint");

        Assert.NotEqual(JsonValueKind.Null, constraint.GetProperty("adviceAt").ValueKind);
        var changes = constraint.GetProperty("advisedChanges").EnumerateArray().ToArray();
        Assert.InRange(changes.Length, 1, 3);
        Assert.Equal(changes.Select(c => c.Text("text")), constraint.GetProperty("advice").EnumerateArray().Select(a => a.GetString()));
        await client.PostOk("/v1/whatif", $$"""{"weeks":1,"changes":[{{changes[0].GetProperty("change").GetRawText()}}]}""");
    }

    private static async Task<Server> StartAsync(ManualTime time, MemoryJournal journal)
    {
        var server = await Server.StartAsync(Quick, journal, time);
        using var admin = server.Client();
        await admin.PutOk("/v1/process", Server.Process);
        await admin.PutOk("/v1/people/anna", """{"name":"Anna","pools":["sales"],"weeklyCapacity":5,"concurrent":5}""");
        for (var i = 1; i <= 40; i++)
        {
            var from = time.GetUtcNow().AddDays(i);
            await admin.PutOk($"/v1/slots/s{i}", $$"""{"pool":"onboarding","startsAt":"{{from:yyyy-MM-ddTHH:mm:ssZ}}","endsAt":"{{from.AddHours(4):yyyy-MM-ddTHH:mm:ssZ}}"}""");
        }
        await admin.PutOk("/v1/campaigns/spring", """{"name":"Spring search","channel":"google"}""");
        return server;
    }

    private static Task LookAsync(Server server) => server.Services.GetRequiredService<Forecaster>().LookAsync("default", CancellationToken.None);

    private static ForecastRecord Record(DateTimeOffset at, long admitted, double from)
    {
        var week = new ForecastWeek(new Spread(from, from, from + (from > 0 ? 20 : 5)), Spread.Zero, Spread.Zero, "sales", 1);
        return new ForecastRecord(at, [.. Enumerable.Repeat(week, Forecast.Weeks)], new ForecastCounts(admitted, 0, 0), "sales", 1);
    }

    private sealed class Keeping : IDisposable
    {
        public MemoryJournal Journal { get; } = new();

        public void Dispose() => Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
