using System.Collections.Concurrent;
using System.Globalization;

namespace CapacityMesh.Web.Operations;

/// <summary>Counts requests by route and status, and the time they took.</summary>
internal sealed class RequestCounts : IMetricsSource
{
    private sealed class Count
    {
        public long Requests;
        public long Ticks;
    }

    private readonly ConcurrentDictionary<(string Route, string Method, int Status), Count> counts = new();

    /// <summary>Counts one request after it was answered.</summary>
    public async Task CountAsync(HttpContext http, RequestDelegate next)
    {
        var since = TimeProvider.System.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            // The pattern, never the path: few values, and no id.
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            var method = http.Request.Method.Length <= 7 ? http.Request.Method : "OTHER";
            var count = counts.GetOrAdd((route, method, http.Response.StatusCode), static _ => new Count());
            Interlocked.Increment(ref count.Requests);
            Interlocked.Add(ref count.Ticks, TimeProvider.System.GetElapsedTime(since).Ticks);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect()
    {
        foreach (var ((route, method, status), count) in counts)
        {
            (string, string)[] labels = [("route", route), ("method", method), ("status", status.ToString(CultureInfo.InvariantCulture))];
            yield return new Metric("capacitymesh_http_requests_total", true, "Requests answered.", Interlocked.Read(ref count.Requests), labels);
            yield return new Metric("capacitymesh_http_request_seconds_total", true, "Time spent on them.", TimeSpan.FromTicks(Interlocked.Read(ref count.Ticks)).TotalSeconds, labels);
        }
    }
}
