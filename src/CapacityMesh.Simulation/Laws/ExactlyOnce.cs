using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Simulation.Laws;

/// <summary>
/// Law 2: each effect, timer and keyed request has its turn once, however often it is delivered, and versions rise one by one. It keeps books of its
/// own beside the journal's.
/// </summary>
public sealed class ExactlyOnce : ILaw
{
    private readonly HashSet<EffectId> owed = [];
    private readonly HashSet<EffectId> done = [];
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<(EntityId Source, EntityId Target), EffectId> reports = [];
    private readonly Dictionary<TimerId, DateTimeOffset> timers = [];
    private readonly Dictionary<EntityId, long> versions = [];

    /// <inheritdoc/>
    public string Name => "exactly once";

    /// <inheritdoc/>
    public IEnumerable<string> OnCommit(CommitSeen commit)
    {
        var written = commit.Written;
        foreach (var id in written.EffectsConsumed)
        {
            if (!owed.Remove(id)) yield return $"effect {id} was consumed, and was not owed";
        }
        foreach (var timer in written.TimersConsumed)
        {
            var id = new TimerId(timer.Entity, timer.Name);
            if (!timers.Remove(id, out var due) || due != timer.Due) yield return $"timer {timer.Name} of {timer.Entity} had its turn, and was not set for {timer.Due:O}";
        }
        foreach (var effect in written.EffectsAdded) Owe(effect);
        foreach (var timer in written.TimersCleared) timers.Remove(timer);
        foreach (var timer in written.TimersSet) timers[new TimerId(timer.Entity, timer.Name)] = timer.Due;
    }

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        var before = versions.GetValueOrDefault(turn.Entity);
        if (turn.Version != before + 1) yield return $"{turn.Entity} went from version {before} to {turn.Version}";
        versions[turn.Entity] = turn.Version;
        switch (turn.Cause)
        {
            case Cause.Effect effect when !done.Add(effect.Id): yield return $"effect {effect.Id} had two turns"; break;
            case Cause.Request { What.IdempotencyKey: { } key } when !keys.Add(key): yield return $"the request under key {key} had two turns"; break;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> AtEnd(EndSeen end) => owed.Count == end.Owed ? [] : [$"the journal owes {end.Owed} effects, the books say {owed.Count}"];

    // A report that was not delivered gives way to a newer one of its pair.
    private void Owe(StoredEffect effect)
    {
        owed.Add(effect.Id);
        if (!effect.IsReport) return;
        var pair = (effect.Id.Source, effect.Target);
        if (reports.TryGetValue(pair, out var older)) owed.Remove(older);
        reports[pair] = effect.Id;
    }
}
