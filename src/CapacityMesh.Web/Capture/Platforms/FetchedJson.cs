using System.Text.Json;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>What a platform's API answered.</summary>
internal static class FetchedJson
{
    /// <summary>The object that came.</summary>
    /// <exception cref="FetchFailedException">No success, or no object: both may pass. A missing right is granted later, a broken proxy mended.</exception>
    public static JsonDocument Parse(CalloutReply reply)
    {
        if (!reply.IsSuccess) throw new FetchFailedException($"status {reply.Status}", reply.RetryAfter);
        try
        {
            return LooseJson.Parse(reply.Body);
        }
        catch (ProblemException)
        {
            throw new FetchFailedException("the answer is no JSON object");
        }
    }
}
