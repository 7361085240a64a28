using System.Net;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Operations;

/// <summary>Whether we live, whether we are ready, and how much we did.</summary>
internal sealed class OperationsEndpoints(IEnumerable<IReadiness> readiness, IEnumerable<IMetricsSource> metrics, KeyRing keys, WebOptions options) : IEndpoints
{
    private static readonly TimeSpan JournalAnswersWithin = TimeSpan.FromSeconds(2);

    /// <summary>A word on our state.</summary>
    private sealed record StateReply(string Status);

    public void Map(Routes routes)
    {
        routes.Get("/healthz", Access.Open, "The process lives", c => c.ReplyAsync(new StateReply("ok"))).Gives<object>();
        routes.Get("/readyz", Access.Open, "Requests are welcome", ReadyAsync).Gives<object>().Refuses(503);
        routes.Get("/metrics", Access.Open, "Numbers in Prometheus' text format; from elsewhere with an operator's key", MetricsAsync).Gives<string>();
    }

    private async Task ReadyAsync(ApiCall call)
    {
        if (readiness.Select(r => r.WhyNot).FirstOrDefault(w => w is not null) is { } why) throw new ProblemException(Problem.Unavailable("notReady", why));
        try
        {
            var row = new RowKey(KeyRing.Directory, RowTables.Workspaces, KeyRing.Directory);
            await call.Mesh.Journal.Rows.GetAsync(row, call.Cancel).AsTask().WaitAsync(JournalAnswersWithin, call.Cancel);
        }
        catch (TimeoutException)
        {
            throw new ProblemException(Problem.Unavailable("journalUnavailable", "The store does not answer."));
        }
        await call.ReplyAsync(new StateReply("ready"));
    }

    private async Task MetricsAsync(ApiCall call)
    {
        if (!options.MetricsOpen && !IsLocal(call.Http))
        {
            var key = AuthGate.BearerOf(call.Http) ?? throw new ProblemException(Problem.Unauthorized());
            var caller = await keys.FindAsync(KeyRing.HashOf(key), call.Cancel) ?? throw new ProblemException(Problem.Unauthorized());
            if (!Access.Operator.Allows(caller.Role)) throw new ProblemException(Problem.Forbidden("roleNotAllowed", "The key's role does not allow this."));
        }
        call.Http.Response.ContentType = PrometheusText.ContentType;
        await call.Http.Response.WriteAsync(PrometheusText.Write(metrics.SelectMany(m => m.Collect())), call.Cancel);
    }

    // A proxy on this machine says for whom it asks.
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");
}
