using System.Buffers;
using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Codec;

/// <summary>A turn as it was stored.</summary>
/// <param name="Version">The version after it.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Events">What happened.</param>
public sealed record DecodedTurn(long Version, DateTimeOffset At, IReadOnlyList<IEvent> Events);

/// <summary>
/// Turns to bytes and back: <c>[{"at":TICKS,"e":[{"$":"opened",...}]}, ...]</c>, one element per turn, UTC ticks.
/// </summary>
public static class TurnCodec
{
    /// <summary>Encodes turns of one entity.</summary>
    public static byte[] Encode(MachineType machine, IReadOnlyList<TurnRecord> turns)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartArray();
        foreach (var turn in turns)
        {
            writer.WriteStartObject();
            writer.WriteNumber("at"u8, turn.At.UtcTicks);
            writer.WriteStartArray("e"u8);
            foreach (var fact in turn.Events) JsonSerializer.Serialize(writer, fact, machine.Event, MeshJson.Options);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Decodes turns of one entity.</summary>
    /// <exception cref="JsonException">The bytes are not turns of this machine.</exception>
    public static IReadOnlyList<DecodedTurn> Decode(MachineType machine, StoredTurns stored)
    {
        using var document = JsonDocument.Parse(stored.Turns);
        var turns = new List<DecodedTurn>();
        var version = stored.FirstVersion;
        foreach (var element in document.RootElement.EnumerateArray())
        {
            var events = element.GetProperty("e").EnumerateArray()
                .Select(e => (IEvent)(e.Deserialize(machine.Event, MeshJson.Options) ?? throw new JsonException("A stored event is null."))).ToArray();
            turns.Add(new DecodedTurn(version++, new DateTimeOffset(element.GetProperty("at").GetInt64(), TimeSpan.Zero), events));
        }
        return turns;
    }

    /// <summary>An entity from what is stored of it.</summary>
    public static LiveEntity Restore(EntityId id, StoredEntity stored)
    {
        var machine = MachineType.Of(id.Kind);
        var (state, at) = stored.Snapshot is { } snapshot ? DecodeState(machine, snapshot.State.Span) : (machine.Initial, DateTimeOffset.MinValue);
        long tail = 0;
        foreach (var part in stored.Tail)
        {
            tail += part.Turns.Length;
            foreach (var turn in Decode(machine, part))
            {
                foreach (var fact in turn.Events) state = machine.Evolve(state, fact, turn.At);
                at = turn.At;
            }
        }
        return new LiveEntity(id, state, stored.Version) { At = at, TailBytes = tail, SnapshotBytes = stored.Snapshot?.State.Length ?? 0 };
    }

    /// <summary>Encodes a state as a snapshot: <c>[TICKS,{...}]</c>, the instant of its last turn first.</summary>
    public static byte[] EncodeState(MachineType machine, object state, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartArray();
        writer.WriteNumberValue(at.UtcTicks);
        JsonSerializer.Serialize(writer, state, machine.State, MeshJson.Options);
        writer.WriteEndArray();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static (object State, DateTimeOffset At) DecodeState(MachineType machine, ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        var at = DateTimeOffset.MinValue;
        // Snapshots of earlier releases are the state alone.
        if (reader.Read() && reader.TokenType is JsonTokenType.StartArray)
        {
            reader.Read();
            at = new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero);
            reader.Read();
        }
        return (JsonSerializer.Deserialize(ref reader, machine.State, MeshJson.Options) ?? throw new JsonException("A snapshot is null."), at);
    }
}
