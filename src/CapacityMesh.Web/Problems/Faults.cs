using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Web.Problems;

/// <summary>The one place where what went wrong becomes an HTTP answer.</summary>
internal sealed class Faults(RequestDelegate next, ILogger<Faults> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            http.Response.Headers.Remove("ETag");
            await ProblemReply.WriteAsync(http, Of(fault, http));
        }
    }

    private Problem Of(Exception fault, HttpContext http) => fault switch
    {
        ProblemException known => known.Problem,
        MeshOverloadedException => Problem.TooMany("More requests wait than we keep; nothing was done. Come back later.", TimeSpan.FromSeconds(1)),
        JournalUnavailableException => Problem.Unavailable("journalUnavailable", "The store does not answer; the request may or may not have been done. Repeat it with the same Idempotency-Key."),
        BadHttpRequestException bad => new Problem(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "bodyTooLarge" : "malformed", "The request cannot be read."),
        _ => Defect(fault, http),
    };

    // The message of an unknown fault may hold anything: only its type and place are logged.
    private Problem Defect(Exception fault, HttpContext http)
    {
        log.LogError("A request to {Route} failed: {Fault} at {Place}", (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, fault.GetType().FullName, fault.StackTrace);
        return new Problem(StatusCodes.Status500InternalServerError, "internal", "Something went wrong on our side; it was logged.");
    }
}
