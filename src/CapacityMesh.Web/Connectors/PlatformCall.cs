using System.Text.Json;

namespace CapacityMesh.Web.Connectors;

/// <summary>One call to a platform's API, before it has a token.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Address">The whole address.</param>
/// <param name="IsRead">It changes nothing, so that it may be repeated at once.</param>
/// <param name="Json">A JSON body, if any.</param>
/// <param name="Form">A form body, if any.</param>
internal sealed record PlatformCall(HttpMethod Method, string Address, bool IsRead, string? Json = null, IReadOnlyList<KeyValuePair<string, string>>? Form = null)
{
    /// <summary>Headers of the platform, beside the token's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What a person is shown of it: no token, no headers.</summary>
    public string Shown => $"{Method} {Address}{(Json is not null ? $" {Json}" : Form is not null ? $" {string.Join('&', Form.Select(f => $"{f.Key}={f.Value}"))}" : "")}";
}

/// <summary>What a call came to.</summary>
internal enum CallResult
{
    /// <summary>Done.</summary>
    Done,
    /// <summary>Too many calls; later.</summary>
    Throttled,
    /// <summary>The token is not accepted: somebody must give us another.</summary>
    Unauthorized,
    /// <summary>The platform will not do it, however often it is asked.</summary>
    Refused,
    /// <summary>The platform did not do it now; later it may.</summary>
    Unavailable,
    /// <summary>It may have been done or not: no answer, or none that can be understood. Only reading tells.</summary>
    Uncertain,
}

/// <summary>A platform's answer, understood.</summary>
/// <param name="Result">What the call came to.</param>
/// <param name="Body">The JSON that came; undefined when none did.</param>
/// <param name="Code">The platform's own code or status for what went wrong.</param>
/// <param name="RetryAfter">When it wants to be called again.</param>
/// <param name="ForAll">A throttle is on everything that we do through this connector, not on this one thing.</param>
internal sealed record PlatformReply(CallResult Result, JsonElement Body = default, string? Code = null, TimeSpan? RetryAfter = null, bool ForAll = true)
{
    public bool IsDone => Result is CallResult.Done;

    /// <summary>For status and logs: only codes, since a platform's message may repeat what we sent.</summary>
    public string Fault => Code is null ? Json.Wire.NameOf(Result) : $"{Json.Wire.NameOf(Result)}: {Code}";
}
