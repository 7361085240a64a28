using System.Text.Json;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Engine;

/// <summary>An effect that waits in the journal for its turn, as an engine takes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Envelope">The turn that it causes.</param>
/// <param name="IsReport">Whether a newer one of its pair replaces it.</param>
public readonly record struct OwedEffect(EffectId Id, Envelope Envelope, bool IsReport)
{
    /// <summary>Reads what is stored.</summary>
    /// <exception cref="JsonException">It is damaged, or a newer release wrote it.</exception>
    public static OwedEffect Read(StoredEffect effect)
    {
        var (command, ask) = EffectCodec.Decode(effect.Target, effect.Payload);
        return new OwedEffect(effect.Id, new Envelope(effect.Target, command, new Cause.Effect(effect.Id), ask), effect.IsReport);
    }
}
