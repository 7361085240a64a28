using System.Globalization;
using System.Text.Json;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Capture.Platforms;

namespace CapacityMesh.Web.Connectors;

/// <summary>Tells what a platform's answer means: each has its own way to say no, and some say it with 200.</summary>
internal static class PlatformVerdicts
{
    private const int DepthMax = 32;
    private static readonly TimeSpan AskAgainMax = TimeSpan.FromDays(1);
    private static readonly TimeSpan MetaBudgetBlock = TimeSpan.FromHours(1);
    private static readonly TimeSpan TikTokBlock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MicrosoftBlock = TimeSpan.FromMinutes(1);

    /// <summary>The meaning of an answer.</summary>
    public static PlatformReply Of(Platform platform, CalloutReply reply)
    {
        var body = Parse(reply);
        var verdict = body.ValueKind is JsonValueKind.Undefined && reply.IsSuccess && reply.Body.Length > 0
            ? new PlatformReply(CallResult.Uncertain, Code: "notJson")
            : OwnWord(platform, body) ?? (reply.Status < 400 ? ByStatusBelow400(reply.Status) : ByStatus(reply.Status));
        var after = verdict.Result is CallResult.Throttled ? reply.RetryAfter ?? DelayIn(body, DepthMax) ?? verdict.RetryAfter : reply.RetryAfter;
        return verdict with { Body = body, RetryAfter = after is { } long_ && long_ > AskAgainMax ? AskAgainMax : after };
    }

    private static PlatformReply ByStatusBelow400(int status) =>
        status is >= 200 and < 300 ? new PlatformReply(CallResult.Done) : new PlatformReply(CallResult.Refused, Code: status.ToString(CultureInfo.InvariantCulture));

    private static PlatformReply ByStatus(int status) => new(
        status switch { 401 => CallResult.Unauthorized, 429 => CallResult.Throttled, 408 => CallResult.Uncertain, >= 500 => CallResult.Unavailable, _ => CallResult.Refused },
        Code: status.ToString(CultureInfo.InvariantCulture));

    private static PlatformReply? OwnWord(Platform platform, JsonElement body) => platform switch
    {
        Platform.Google => Google(body),
        Platform.Meta => Meta(body),
        Platform.TikTok => TikTok(body),
        Platform.Microsoft => Microsoft(body),
        _ => null,
    };

    // {"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}, or 200 with {"partialFailureError":{"code":3}}, where the code is gRPC's.
    private static PlatformReply? Google(JsonElement body)
    {
        if (body.Path("error.status").AsText() is { } status)
        {
            return status switch
            {
                "RESOURCE_EXHAUSTED" => new(CallResult.Throttled, Code: status),
                "UNAUTHENTICATED" => new(CallResult.Unauthorized, Code: status),
                "UNAVAILABLE" or "INTERNAL" or "ABORTED" => new(CallResult.Unavailable, Code: status),
                "DEADLINE_EXCEEDED" or "UNKNOWN" => new(CallResult.Uncertain, Code: status),
                _ => new(CallResult.Refused, Code: status),
            };
        }
        return body.Path("partialFailureError.code").AsText() switch
        {
            null or "0" => null,
            "8" => new(CallResult.Throttled, Code: "partialFailure 8"),
            "16" => new(CallResult.Unauthorized, Code: "partialFailure 16"),
            "13" or "14" => new(CallResult.Unavailable, Code: "partialFailure"),
            { } code => new(CallResult.Refused, Code: $"partialFailure {code}"),
        };
    }

    private static PlatformReply? Meta(JsonElement body)
    {
        if (body.Field("success").AsText() is "false") return new(CallResult.Refused, Code: "success false");
        if (body.Field("error").ValueKind is not JsonValueKind.Object) return null;
        var code = body.Path("error.code").AsText();
        return code switch
        {
            "102" or "190" => new(CallResult.Unauthorized, Code: code),
            // A budget was changed too often: this one is blocked for an hour, everything else is not.
            "17" => new(CallResult.Throttled, Code: code, RetryAfter: MetaBudgetBlock, ForAll: false),
            "4" or "32" or "613" => new(CallResult.Throttled, Code: code),
            { Length: 5 } when code.StartsWith("800", StringComparison.Ordinal) => new(CallResult.Throttled, Code: code),
            "1" or "2" => new(CallResult.Unavailable, Code: code),
            _ => new(body.Path("error.is_transient").IsTrue() ? CallResult.Unavailable : CallResult.Refused, Code: code ?? "error"),
        };
    }

    // HTTP 200 always: the code tells.
    private static PlatformReply? TikTok(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object) return null;
        return body.Field("code").AsText() switch
        {
            "0" => new(CallResult.Done),
            "40100" => new(CallResult.Throttled, Code: "40100", RetryAfter: TikTokBlock),
            { } code when code is "40102" or "40104" or "40105" => new(CallResult.Unauthorized, Code: code),
            { } code when code.StartsWith('5') => new(CallResult.Unavailable, Code: code),
            { } code => new(CallResult.Refused, Code: code),
            null => new(CallResult.Uncertain, Code: "noCode"),
        };
    }

    private static PlatformReply? Microsoft(JsonElement body)
    {
        foreach (var list in new[] { "Errors", "OperationErrors", "BatchErrors", "PartialErrors" })
        {
            foreach (var error in body.Field(list).Elements().Where(e => e.ValueKind is JsonValueKind.Object))
            {
                var code = error.Field("ErrorCode").AsText() ?? error.Field("Code").AsText() ?? "error";
                return (error.Field("Code").AsText() ?? code) switch
                {
                    "117" or "207" => new(CallResult.Throttled, Code: code, RetryAfter: MicrosoftBlock),
                    "105" or "109" => new(CallResult.Unauthorized, Code: code),
                    "0" => new(CallResult.Unavailable, Code: code),
                    _ => new(CallResult.Refused, Code: code),
                };
            }
        }
        return null;
    }

    private static JsonElement Parse(CalloutReply reply)
    {
        if (reply.Body.Length == 0) return default;
        try
        {
            using var document = JsonDocument.Parse(reply.Body, new JsonDocumentOptions { MaxDepth = DepthMax });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // Google says somewhere within its details how long to wait: "retryDelay":"30s".
    private static TimeSpan? DelayIn(JsonElement element, int depthLeft)
    {
        if (depthLeft == 0) return null;
        if (element.ValueKind is JsonValueKind.Array) return element.EnumerateArray().Select(e => DelayIn(e, depthLeft - 1)).FirstOrDefault(d => d is not null);
        if (element.ValueKind is not JsonValueKind.Object) return null;
        foreach (var field in element.EnumerateObject())
        {
            var found = field.Name is "retryDelay" or "retry_delay" ? SecondsOf(field.Value.AsText()) : DelayIn(field.Value, depthLeft - 1);
            if (found is not null) return found;
        }
        return null;
    }

    private static TimeSpan? SecondsOf(string? text) =>
        double.TryParse(text?.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < AskAgainMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
}
