using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 2: a request that is repeated under its key hears what it heard the first time.</summary>
public sealed class SameAnswer : ILaw
{
    private readonly Dictionary<string, string> told = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "same answer";

    /// <inheritdoc/>
    public IEnumerable<string> OnAnswer(AnswerSeen answer)
    {
        if (answer.Request.IdempotencyKey is not { } key) yield break;
        var now = JsonSerializer.Serialize(answer.Answer, MeshJson.Options);
        if (told.TryAdd(key, now) || told[key] == now) yield break;
        yield return $"key {key} was told {told[key]}, then {now}";
    }
}
