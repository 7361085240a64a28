using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace CapacityMesh.Benchmarks;

/// <summary>Posters of leads of made-up people, each waiting for its answer before the next.</summary>
internal static class Posters
{
    public const string Key = "a-key-for-benchmarks-only";
    private static long number;

    /// <summary>A client with as many connections as there are posters.</summary>
    public static HttpClient To(Uri url)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false, UseCookies = false }) { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    /// <summary>A business that captures.</summary>
    public static async Task SetUpAsync(HttpClient http)
    {
        await PutAsync(http, "/v1/process", """{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.4,"promise":"P2D"}],"waitlist":{"limit":100000,"expires":"P14D"}}""");
        await PutAsync(http, "/v1/people/ann", """{"name":"Ann","pools":["sales"],"weeklyCapacity":20,"concurrent":5}""");
        await PutAsync(http, "/v1/campaigns/spring", """{"name":"Spring","channel":"google"}""");
    }

    private static async Task PutAsync(HttpClient http, string path, string json)
    {
        using var response = await http.PutAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Posts a second, each awaited by its poster.</summary>
    public static async Task<double> PostAsync(HttpClient http, string path, int posters, TimeSpan time)
    {
        var (count, began) = (0L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, posters).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var n = Interlocked.Increment(ref number);
                using var body = new ByteArrayContent(Encoding.UTF8.GetBytes($$$"""{"campaign":"spring","contact":{"name":"Lead {{{n}}}","email":"lead-{{{n}}}@example.com"}}"""));
                body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var response = await http.PostAsync(new Uri(path, UriKind.Relative), body);
                // What comes back is looked at: a figure of refusals or of empty answers would be worth nothing.
                var answer = await response.Content.ReadAsByteArrayAsync();
                if (!response.IsSuccessStatusCode || answer.Length == 0) throw new InvalidOperationException($"{path}: {(int)response.StatusCode}, {answer.Length} bytes");
                Interlocked.Increment(ref count);
            }
        })));
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
