using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Codec;

/// <summary>Commands on their way, and answers, to bytes and back.</summary>
public static class EffectCodec
{
    /// <summary>Encodes a command for a target, with who waits for its answer.</summary>
    public static ReadOnlyMemory<byte> Encode(EntityId target, ICommand command, Ask? ask, Payloads payloads)
    {
        var writer = payloads.Begin();
        writer.WriteStartObject();
        if (ask is not null)
        {
            writer.WritePropertyName("ask"u8);
            JsonSerializer.Serialize(writer, ask, MeshJson.Options);
        }
        writer.WritePropertyName("command"u8);
        JsonSerializer.Serialize(writer, command, MachineType.Of(target.Kind).Command, MeshJson.Options);
        writer.WriteEndObject();
        return payloads.End();
    }

    /// <summary>Encodes one by itself.</summary>
    public static byte[] Encode(EntityId target, ICommand command, Ask? ask)
    {
        using var payloads = new Payloads(256);
        return Encode(target, command, ask, payloads).ToArray();
    }

    /// <summary>Decodes it.</summary>
    public static (ICommand Command, Ask? Ask) Decode(EntityId target, ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload);
        var command = document.RootElement.GetProperty("command").Deserialize(MachineType.Of(target.Kind).Command, MeshJson.Options);
        var ask = document.RootElement.TryGetProperty("ask", out var element) ? element.Deserialize<Ask>(MeshJson.Options) : null;
        return ((ICommand)(command ?? throw new JsonException("A stored command is null.")), ask);
    }

    /// <summary>Encodes an answer.</summary>
    public static byte[] Encode(Answer answer) => JsonSerializer.SerializeToUtf8Bytes(answer, MeshJson.Options);

    /// <summary>Decodes it.</summary>
    public static Answer DecodeAnswer(ReadOnlyMemory<byte> bytes) =>
        JsonSerializer.Deserialize<Answer>(bytes.Span, MeshJson.Options) ?? throw new JsonException("A stored answer is null.");
}
