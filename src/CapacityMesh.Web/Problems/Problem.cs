using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Problems;

/// <summary>An answer that says no (RFC 9457).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Typed reason, lower camel case.</param>
/// <param name="Detail">One sentence for people; holds no personal data.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>What is wrong with which field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>When to come back.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Problem Malformed(string field, string code, string text) =>
        new(StatusCodes.Status400BadRequest, "malformed", text) { Errors = [new FieldError(field, code, text)] };

    /// <summary>One or more fields cannot be accepted; when all say the same, that is the code.</summary>
    public static Problem Invalid(IReadOnlyList<FieldError> errors) =>
        new(StatusCodes.Status400BadRequest, errors.All(e => e.Code == errors[0].Code) ? errors[0].Code : "invalidRequest", errors[0].Text) { Errors = errors };

    public static Problem Invalid(string field, string code, string text) => Invalid([new FieldError(field, code, text)]);

    public static Problem Unauthorized() => new(StatusCodes.Status401Unauthorized, "unauthorized", "A valid key is needed: Authorization: Bearer KEY.");

    public static Problem Forbidden(string code, string text) => new(StatusCodes.Status403Forbidden, code, text);

    public static Problem NotFound(string code, string text) => new(StatusCodes.Status404NotFound, code, text);

    public static Problem Conflict(string code, string text) => new(StatusCodes.Status409Conflict, code, text);

    public static Problem TooLarge(int bytesMax) => new(StatusCodes.Status413PayloadTooLarge, "bodyTooLarge", $"A body has at most {bytesMax / 1024} KiB.");

    public static Problem NotJson() => new(StatusCodes.Status415UnsupportedMediaType, "notJson", "The body must be application/json.");

    public static Problem KeyReused() => new(StatusCodes.Status422UnprocessableEntity, "idempotencyKeyReused", "This Idempotency-Key was used with another body.");

    public static Problem Rejected(Rejection rejection) => new(
        rejection.Kind switch
        {
            RejectionKind.NotFound => StatusCodes.Status404NotFound,
            RejectionKind.Conflict => StatusCodes.Status409Conflict,
            RejectionKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        },
        rejection.Code, rejection.Text);

    public static Problem TooMany(string text, TimeSpan retryAfter) => new(StatusCodes.Status429TooManyRequests, "tooManyRequests", text) { RetryAfter = retryAfter };

    public static Problem Unavailable(string code, string text) => new(StatusCodes.Status503ServiceUnavailable, code, text) { RetryAfter = TimeSpan.FromSeconds(2) };
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Code)
{
    public Problem Problem { get; } = problem;
}
