using System.Net;

namespace CapacityMesh.Host.Tests;

// Goal: the server starts as promised, keeps what it acknowledged whatever kills it, and says plainly why it does not start.
// Method: the real process, real HTTP, real signals; a data folder of its own per test.
public sealed class ServeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_first_start_prints_a_key_and_a_link_that_logs_in_once()
    {
        using var server = await ServerProcess.ServeAsync(folder, key: null);
        var link = new Uri(await server.LineAsync("Board: "));
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        using var first = await browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Contains("httponly", first.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        using var board = await browser.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, board.StatusCode);
        Assert.Equal("text/html", board.Content.Headers.ContentType?.MediaType);
        using var second = await browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Equal(0, await server.TerminateAsync());
        using var again = await ServerProcess.ServeAsync(folder);
        Assert.DoesNotContain("shown this once", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_amid_posts_loses_no_acknowledged_lead_and_doubles_none()
    {
        var acknowledged = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        var attempted = new System.Collections.Concurrent.ConcurrentBag<string>();
        using (var server = await ServerProcess.ServeAsync(folder))
        {
            await server.CaptureAsync("warm@example.com");
            var posters = Enumerable.Range(0, 16).Select(p => PostUntilItDiesAsync(server, p)).ToArray();
            await ServerProcess.EventuallyAsync("300 leads are acknowledged", () => Task.FromResult(acknowledged.Count >= 300));
            await server.KillAsync();
            await Task.WhenAll(posters);
        }
        Assert.True(attempted.Count > acknowledged.Count, "the kill hit no post under way");
        using var after = await ServerProcess.ServeAsync(folder);
        var stored = (await after.LeadsAsync()).Select(l => l.GetProperty("id").GetString()!).ToHashSet();
        Assert.All(acknowledged.Values, id => Assert.Contains(id, stored));
        // Every caller asks again under its key: whoever was acknowledged hears the same lead, and nobody becomes two.
        foreach (var email in attempted)
        {
            var id = await after.CaptureAsync(email);
            if (acknowledged.TryGetValue(email, out var before)) Assert.Equal(before, id);
        }
        var leads = await after.LeadsAsync();
        Assert.Equal(attempted.Count + 1, leads.Count);
        Assert.Equal(leads.Count, leads.Select(l => l.GetProperty("id").GetString()).Distinct().Count());

        async Task PostUntilItDiesAsync(ServerProcess server, int poster)
        {
            for (var i = 0; ; i++)
            {
                var email = $"p{poster}-{i}@example.com";
                attempted.Add(email);
                try
                {
                    acknowledged[email] = await server.CaptureAsync(email);
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task Sigterm_answers_what_is_under_way_and_exits_with_zero()
    {
        using var server = await ServerProcess.ServeAsync(folder);
        var answers = Enumerable.Range(0, 50).Select(i => server.CaptureAsync($"l{i}@example.com")).ToArray();
        await Task.WhenAny(answers);
        Assert.Equal(0, await server.TerminateAsync());
        var acknowledged = await Task.WhenAll(answers.Select(async a =>
        {
            try
            {
                return await a;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }));
        using var after = await ServerProcess.ServeAsync(folder);
        var stored = (await after.LeadsAsync()).Select(l => l.GetProperty("id").GetString()).ToHashSet();
        Assert.All(acknowledged.OfType<string>(), id => Assert.Contains(id, stored));
        Assert.Contains(acknowledged, id => id is not null);
    }

    [Fact]
    public async Task A_restart_resumes_an_offers_timer_and_a_waitlisted_lead()
    {
        string lead;
        using (var server = await ServerProcess.ServeAsync(folder))
        {
            await server.SendAsync(HttpMethod.Put, "/v1/process", new
            {
                pools = new[] { new { id = "sales", kind = "people" } },
                stages = new[] { new { id = "discovery", pool = "sales", effort = 1, passRate = 0.4, promise = "P2D" } },
                offerTimeout = "PT2S",
            });
            lead = await server.CaptureAsync("waits@example.com");
            Assert.Equal("waitlisted", await StateAsync(server, lead));
            await server.KillAsync();
        }
        using (var server = await ServerProcess.ServeAsync(folder))
        {
            Assert.Equal("waitlisted", await StateAsync(server, lead));
            await server.SendAsync(HttpMethod.Put, "/v1/people/ann", new { name = "Ann", pools = new[] { "sales" }, weeklyCapacity = 20, concurrent = 1 });
            await ServerProcess.EventuallyAsync("it is let in and offered", async () => await StateAsync(server, lead) == "offered");
            await server.KillAsync();
        }
        using var after = await ServerProcess.ServeAsync(folder);
        // The offer ends by its own deadline, and nobody else is there to take it.
        await ServerProcess.EventuallyAsync("the offer ends", async () => await StateAsync(after, lead) == "queued");
        await after.SendAsync(HttpMethod.Put, "/v1/people/bob", new { name = "Bob", pools = new[] { "sales" }, weeklyCapacity = 20, concurrent = 1 });
        await ServerProcess.EventuallyAsync("somebody else is asked", async () => await StateAsync(after, lead) == "offered");
    }

    [Fact]
    public async Task It_refuses_to_listen_in_the_open()
    {
        var (exit, output) = await ServerProcess.RunAsync("serve", "--urls", "http://0.0.0.0:0", "--data", folder);
        Assert.Equal(2, exit);
        Assert.Contains("--behind-proxy", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var server = await ServerProcess.ServeAsync(folder);
        var (exit, output) = await ServerProcess.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--data", folder);
        Assert.Equal(2, exit);
        Assert.Contains("in use by another process", output, StringComparison.Ordinal);
        await server.CaptureAsync("still@example.com");
    }

    [Fact]
    public async Task A_connection_that_cannot_be_read_is_refused_in_words()
    {
        var (exit, output) = await ServerProcess.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--data", folder, "--postgres", "nonsense");
        Assert.Equal(2, exit);
        Assert.Contains("PostgreSQL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_test_reports_what_was_acknowledged()
    {
        using var server = await ServerProcess.ServeAsync(folder);
        var (exit, output) = await ServerProcess.RunAsync(
            "loadtest", "--url", server.Http.BaseAddress!.ToString(), "--key", ServerProcess.Key, "--rate", "50", "--seconds", "2", "--connections", "4", "--json");
        Assert.Equal(0, exit);
        var json = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)]);
        Assert.Equal((100, 0), (json.GetProperty("accepted").GetInt32(), json.GetProperty("errors").GetInt32()));
        Assert.Equal(100, (await server.LeadsAsync()).Count);
    }

    private static async Task<string?> StateAsync(ServerProcess server, string lead) =>
        (await server.SendAsync(HttpMethod.Get, $"/v1/leads/{lead}")).GetProperty("state").GetString();
}
