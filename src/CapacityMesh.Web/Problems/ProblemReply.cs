using System.Globalization;
using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace CapacityMesh.Web.Problems;

/// <summary>A problem as it leaves.</summary>
internal sealed record ProblemReply(string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<FieldError> Errors)
{
    public const string ContentType = "application/problem+json";

    /// <summary>Answers a request with a problem.</summary>
    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (problem.RetryAfter is { } after) response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(http.Request.Method)) return;
        var reply = new ProblemReply(
            $"urn:capacitymesh:problem:{problem.Code}", ReasonPhrases.GetReasonPhrase(problem.Status), problem.Status, problem.Detail, problem.Code, problem.Errors);
        await JsonSerializer.SerializeAsync(response.Body, reply, Wire.Options, http.RequestAborted);
    }
}
