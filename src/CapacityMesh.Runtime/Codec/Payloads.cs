using System.Buffers;
using System.Text.Json;

namespace CapacityMesh.Runtime.Codec;

/// <summary>
/// Encodes payloads one after the other into memory that they share. A batch has some for each turn: a writer, a buffer that grows and a copy for every one
/// of them would be most of what encoding allocates.
/// </summary>
/// <param name="sizeHint">Bytes expected in all; it grows beyond.</param>
public sealed class Payloads(int sizeHint) : IDisposable
{
    private readonly ArrayBufferWriter<byte> memory = new(sizeHint);
    private Utf8JsonWriter? writer;
    private int start;

    /// <summary>Begins a payload, which is one JSON value.</summary>
    public Utf8JsonWriter Begin()
    {
        start = memory.WrittenCount;
        if (writer is null) writer = new Utf8JsonWriter(memory, new JsonWriterOptions { SkipValidation = true });
        else writer.Reset();
        return writer;
    }

    /// <summary>Ends it; its bytes stay as they are, whatever comes after.</summary>
    public ReadOnlyMemory<byte> End()
    {
        writer!.Flush();
        return memory.WrittenMemory[start..];
    }

    /// <inheritdoc/>
    public void Dispose() => writer?.Dispose();
}
