using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Http;

/// <summary>One request to the API: its body, the question it puts to the mesh, and its reply.</summary>
internal sealed class ApiCall(HttpContext http, IMesh mesh)
{
    private const int IdempotencyKeyLengthMax = 200;
    private string? bodyHash;

    public HttpContext Http => http;

    public IMesh Mesh => mesh;

    public CancellationToken Cancel => http.RequestAborted;

    public Caller Caller => http.Features.Get<Caller>() ?? throw new ProblemException(Problem.Unauthorized());

    public string Workspace => Caller.Workspace;

    public EntityId Entity(EntityKind kind, string key) => new(Workspace, kind, key);

    public EntityId Flow => EntityId.Flow(Workspace);

    /// <summary>An id in the path; one that no entity can have is unknown.</summary>
    public string Key(string name)
    {
        var value = http.Request.RouteValues[name] as string;
        return FieldErrors.IsKey(value) ? value! : throw new ProblemException(Problem.NotFound("notFound", "There is nothing of that id."));
    }

    /// <summary>The body, which must be there.</summary>
    public async ValueTask<T> BodyAsync<T>() where T : class => (await ReadBodyAsync<T>(mayBeEmpty: false))!;

    /// <summary>The body, or null when none came.</summary>
    public ValueTask<T?> BodyOrNoneAsync<T>() where T : class => ReadBodyAsync<T>(mayBeEmpty: true);

    private async ValueTask<T?> ReadBodyAsync<T>(bool mayBeEmpty) where T : class
    {
        var (body, hash) = await BodyReader.ReadAsync<T>(http.Request, mayBeEmpty, hash: IdempotencyKey is not null);
        bodyHash = hash;
        return body;
    }

    /// <summary>The caller's idempotency key, if one came with a POST.</summary>
    public string? IdempotencyKey
    {
        get
        {
            if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.TryGetValue("Idempotency-Key", out var values)) return null;
            var key = values.ToString();
            return values.Count == 1 && key.Length is > 0 and <= IdempotencyKeyLengthMax && key.All(c => c is >= ' ' and <= '~')
                ? key
                : throw new ProblemException(Problem.Invalid("Idempotency-Key", "invalidIdempotencyKey", "An Idempotency-Key has 1 to 200 printable ASCII characters."));
        }
    }

    /// <summary>The same with the route: one key may serve two routes.</summary>
    public string? RequestKey => IdempotencyKey is { } key ? $"POST {http.Request.Path.Value}:{key}" : null;

    /// <summary>Hash of the body, when an idempotency key came with it.</summary>
    public string BodyHash => bodyHash ?? "";

    /// <summary>A question to the mesh that carries this request's idempotency key.</summary>
    public MeshRequest Request(EntityId target, ICommand command) => new(target, command)
    {
        IdempotencyKey = RequestKey,
        BodyHash = BodyHash,
    };

    /// <summary>Asks, and turns every "no" into its problem.</summary>
    public Task<Answer> AskAsync(EntityId target, ICommand command, params IReadOnlyList<RowChange> rows) => AskAsync(Request(target, command) with { Rows = rows });

    /// <inheritdoc cref="AskAsync(EntityId, ICommand, IReadOnlyList{RowChange})"/>
    public async Task<Answer> AskAsync(MeshRequest request) => AnswerOf(await mesh.AskAsync(request, Cancel));

    /// <summary>The answer, if it was a yes.</summary>
    public static Answer AnswerOf(AskResult result) => result switch
    {
        AskResult.Answered { Answer: Answer.Rejected no } => throw new ProblemException(Problem.Rejected(no.Rejection)),
        AskResult.Answered yes => yes.Answer,
        AskResult.KeyReused => throw new ProblemException(Problem.KeyReused()),
        AskResult.IdentityTaken => throw new ProblemException(Problem.Conflict("identityTaken", "Somebody else claimed the same identity at this moment; repeat the request.")),
        _ => throw new UnreachableException($"unknown result {result}"),
    };

    /// <summary>An entity's state, or null when it never had a turn.</summary>
    public async Task<T?> StateAsync<T>(EntityKind kind, string key) where T : class => (await mesh.ReadAsync<T>(Entity(kind, key), Cancel))?.State;

    /// <summary>Whole numbers in the query.</summary>
    public int Number(string name, int fallback, int min, int max)
    {
        if (Text(name) is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new ProblemException(Problem.Invalid(name, "outOfRange", $"{name} is a whole number from {min} to {max}."));
    }

    /// <summary>Instants in the query.</summary>
    public DateTimeOffset? Instant(string name) =>
        Text(name) is not { } text ? null
        : InstantJson.TryParse(text, out var instant) ? instant
        : throw new ProblemException(Problem.Invalid(name, "invalidInstant", $"{name} is an instant, RFC 3339 with an offset."));

    /// <summary>Ids in the query.</summary>
    public string? KeyInQuery(string name) =>
        Text(name) is not { } text ? null
        : FieldErrors.IsKey(text) ? text
        : throw new ProblemException(Problem.Invalid(name, "invalidId", "An id has 1 to 64 letters, digits, '-', '_', '.' or ':'."));

    /// <summary>Text in the query; null where a name has no value, as in <c>?state=&amp;pool=sales</c>, or is missing.</summary>
    public string? Text(string name) => http.Request.Query.TryGetValue(name, out var values) && values is [{ Length: > 0 } text, ..] ? text : null;

    /// <summary>Replies with JSON.</summary>
    public async Task ReplyAsync<T>(T value, int status = StatusCodes.Status200OK)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { Encoder = Wire.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)Wire.Options.GetTypeInfo(typeof(T)));
        }
        await response.BodyWriter.FlushAsync(Cancel);
    }

    /// <summary>Replies with nothing.</summary>
    public Task ReplyEmptyAsync()
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Cursor">Where the next page begins; null when this is the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Cursor);
