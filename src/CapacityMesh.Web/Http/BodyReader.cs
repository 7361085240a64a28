using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Http;

/// <summary>Reads a JSON body once: checks its type and size, parses it, and hashes it when asked.</summary>
internal static class BodyReader
{
    /// <summary>Bytes of a body: a lead's message and attributes at their limits, four times.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>The parsed body and its hash; an empty body is <c>default</c> where that is allowed.</summary>
    public static async ValueTask<(T? Body, string Hash)> ReadAsync<T>(HttpRequest request, bool mayBeEmpty, bool hash) where T : class
    {
        if (request.ContentLength > BytesMax) throw new ProblemException(Problem.TooLarge(BytesMax));
        var pipe = request.BodyReader;
        var buffer = await FillAsync(pipe, BytesMax, request.HttpContext.RequestAborted);
        try
        {
            if (buffer.IsEmpty && mayBeEmpty) return (null, hash ? HashOf([]) : "");
            if (!request.HasJsonContentType()) throw new ProblemException(Problem.NotJson());
            var bytes = buffer.IsSingleSegment ? buffer.FirstSpan : buffer.ToArray();
            return (Parse<T>(bytes), hash ? HashOf(bytes) : "");
        }
        finally
        {
            pipe.AdvanceTo(buffer.End);
        }
    }

    /// <summary>The body as it came: signatures are made over its bytes.</summary>
    public static async ValueTask<byte[]> ReadBytesAsync(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength > bytesMax) throw new ProblemException(Problem.TooLarge(bytesMax));
        var pipe = request.BodyReader;
        var buffer = await FillAsync(pipe, bytesMax, request.HttpContext.RequestAborted);
        var bytes = buffer.ToArray();
        pipe.AdvanceTo(buffer.End);
        return bytes;
    }

    private static async ValueTask<ReadOnlySequence<byte>> FillAsync(PipeReader pipe, int bytesMax, CancellationToken cancel)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancel);
            if (read.Buffer.Length > bytesMax)
            {
                pipe.AdvanceTo(read.Buffer.End);
                throw new ProblemException(Problem.TooLarge(bytesMax));
            }
            if (read.IsCompleted) return read.Buffer;
            pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T Parse<T>(ReadOnlySpan<byte> bytes) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, (JsonTypeInfo<T>)Wire.Options.GetTypeInfo(typeof(T)))
                ?? throw new ProblemException(Problem.Malformed("", "malformed", "The body must be a JSON object."));
        }
        catch (JsonException fault)
        {
            throw new ProblemException(Of(fault));
        }
    }

    private static Problem Of(JsonException fault)
    {
        var field = FieldOf(fault.Path);
        if (fault is FieldFormatException known) return Problem.Malformed(field, known.Code, known.Message);
        return field.Length == 0
            ? Problem.Malformed("", "malformed", $"The body is not valid JSON of the expected form (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine}).")
            : Problem.Malformed(field, "wrongType", $"The field {field} has the wrong form.");
    }

    private static string FieldOf(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];

    private static string HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Base64Url.EncodeToString(hash);
    }
}
