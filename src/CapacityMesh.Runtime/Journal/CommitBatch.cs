using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal;

/// <summary>
/// What one transaction writes: turns of many entities, already folded. Turns of one entity stand in one append; an effect that was made and
/// consumed within the batch does not stand here at all.
/// </summary>
public sealed class CommitBatch
{
    /// <summary>Appends, in commit order; at most one per entity.</summary>
    public List<Append> Appends { get; } = [];
    /// <summary>Entities whose turns in this batch changed nothing: each must still be at the version that they decided on, or they decided on what is no longer so.</summary>
    public List<EntityVersion> Unchanged { get; } = [];
    /// <summary>Effects still owed, in the order they were made.</summary>
    public List<StoredEffect> EffectsAdded { get; } = [];
    /// <summary>Effects consumed by turns of this batch; each must be there.</summary>
    public List<EffectId> EffectsConsumed { get; } = [];
    /// <summary>Reports consumed by turns of this batch; one that is no longer there was replaced by a newer one, and that is fine.</summary>
    public List<EffectId> ReportsConsumed { get; } = [];
    /// <summary>Timers set; replaces one of the same entity and name.</summary>
    public List<StoredTimer> TimersSet { get; } = [];
    /// <summary>Timers cleared; one that is not there is fine.</summary>
    public List<TimerId> TimersCleared { get; } = [];
    /// <summary>Timers consumed by turns of this batch; each must be there with this very due time.</summary>
    public List<StoredTimer> TimersConsumed { get; } = [];
    /// <summary>Idempotency keys opened or answered by turns of this batch; at most one entry per key.</summary>
    public List<RequestChange> Requests { get; } = [];
    /// <summary>Identities claimed; one claimed by the same contact already is fine, by another a conflict.</summary>
    public List<IdentityClaim> Claims { get; } = [];
    /// <summary>Contacts whose identities are forgotten.</summary>
    public List<(string Workspace, string Contact)> ClaimsDropped { get; } = [];
    /// <summary>Rows written with the turns.</summary>
    public List<RowChange> Rows { get; } = [];
    /// <summary>Lead index rows, at most one per lead; the row replaces the stored one.</summary>
    public List<LeadRow> Leads { get; } = [];
    /// <summary>Snapshots, each of the entity's state after its append in this batch.</summary>
    public List<StoredSnapshot> Snapshots { get; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Appends.Count == 0 && Unchanged.Count == 0 && EffectsAdded.Count == 0 && EffectsConsumed.Count == 0 && ReportsConsumed.Count == 0
        && TimersSet.Count == 0
        && TimersCleared.Count == 0 && TimersConsumed.Count == 0 && Requests.Count == 0 && Claims.Count == 0 && ClaimsDropped.Count == 0
        && Rows.Count == 0 && Leads.Count == 0 && Snapshots.Count == 0;
}

/// <summary>Turns of one entity, one after the other.</summary>
/// <param name="Entity">Whose turns.</param>
/// <param name="ExpectedVersion">The version that must be stored; 0 when the entity is new.</param>
/// <param name="Version">The version after the last of these turns.</param>
/// <param name="Turns">Encoded turns, UTF-8.</param>
public readonly record struct Append(EntityId Entity, long ExpectedVersion, long Version, ReadOnlyMemory<byte> Turns);

/// <summary>An entity at a version; 0 when it never had a turn.</summary>
public readonly record struct EntityVersion(EntityId Entity, long Version);

/// <summary>Identifies an effect: the turn that made it, and its place among that turn's effects.</summary>
public readonly record struct EffectId(EntityId Source, long Version, int Ordinal)
{
    /// <summary><c>entity@version.ordinal</c>.</summary>
    public override string ToString() => $"{Source}@{Version}.{Ordinal}";
}

/// <summary>An effect that waits for the turn that it causes.</summary>
/// <param name="Sequence">Set by the journal: rising in commit order. 0 when not stored yet.</param>
/// <param name="Id">Its identity.</param>
/// <param name="Target">Who shall have the turn.</param>
/// <param name="IsReport">A later report of the same (source, target) replaces it.</param>
/// <param name="Payload">Encoded command and ask, UTF-8.</param>
public readonly record struct StoredEffect(long Sequence, EffectId Id, EntityId Target, bool IsReport, ReadOnlyMemory<byte> Payload);

/// <summary>An effect that was given up for now.</summary>
public readonly record struct ParkedEffect(StoredEffect Effect, string Reason, DateTimeOffset ParkedAt);

/// <summary>Identifies a timer.</summary>
public readonly record struct TimerId(EntityId Entity, string Name);

/// <summary>A timer.</summary>
public readonly record struct StoredTimer(EntityId Entity, string Name, DateTimeOffset Due);

/// <summary>A change to a request stored under an idempotency key.</summary>
/// <param name="Workspace">The tenant.</param>
/// <param name="Key">As the caller sent it, with the route it was sent to.</param>
/// <param name="BodyHash">Hash of the body when this batch opens the key; null when it was opened before.</param>
/// <param name="Reply">Encoded answer when this batch answers it; null while the answer is owed.</param>
/// <param name="At">When.</param>
public readonly record struct RequestChange(string Workspace, string Key, string? BodyHash, ReadOnlyMemory<byte>? Reply, DateTimeOffset At);

/// <summary>A request stored under an idempotency key.</summary>
public readonly record struct StoredRequest(string BodyHash, ReadOnlyMemory<byte>? Reply, DateTimeOffset At);

/// <summary>A claim of an identity by a contact.</summary>
public readonly record struct IdentityClaim(string Workspace, string Identity, string Contact);

/// <summary>A snapshot.</summary>
public readonly record struct StoredSnapshot(EntityId Entity, long Version, ReadOnlyMemory<byte> State);

/// <summary>Some turns of one entity, as appended together.</summary>
/// <param name="FirstVersion">Version of the first of them.</param>
/// <param name="Version">Version after the last of them.</param>
/// <param name="Turns">Encoded turns, UTF-8.</param>
public readonly record struct StoredTurns(long FirstVersion, long Version, ReadOnlyMemory<byte> Turns);

/// <summary>An entity as stored.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Snapshot">Its last snapshot, if any.</param>
/// <param name="Tail">The turns after the snapshot, or all.</param>
/// <param name="Owed">
/// Effects that its turns made and that wait for theirs, in the order in which they were made; parked ones are left out. Whoever takes its next turn
/// delivers these first: so the order of a pair does not depend on which host takes the turn.
/// </param>
public sealed record StoredEntity(long Version, StoredSnapshot? Snapshot, IReadOnlyList<StoredTurns> Tail, IReadOnlyList<StoredEffect> Owed);

/// <summary>A lead in the index: what lists filter by and show. A function of the lead's state; holds no personal datum.</summary>
public sealed record LeadRow(
    string Workspace, string LeadId, string State, string? Stage, string? Pool, string Campaign, string Contact, string? Person, string? Slot,
    DateTimeOffset CapturedAt, DateTimeOffset ChangedAt, DateTimeOffset? ClosedAt, bool PromiseBroken);

/// <summary>Which leads to list.</summary>
/// <param name="Workspace">The tenant.</param>
/// <param name="State">Only this state.</param>
/// <param name="Pool">Only this pool.</param>
/// <param name="Campaign">Only this campaign.</param>
/// <param name="Person">Only this salesperson's open work.</param>
/// <param name="BeforeLeadId">Page on: only lead ids ordinally below this one.</param>
/// <param name="Limit">At most this many; 1 to 500.</param>
public sealed record LeadQuery(string Workspace, string? State = null, string? Pool = null, string? Campaign = null, string? Person = null, string? BeforeLeadId = null, int Limit = 50);

/// <summary>What became of a batch.</summary>
public abstract record CommitResult
{
    private CommitResult() { }

    /// <summary>Durable.</summary>
    public sealed record Committed : CommitResult
    {
        /// <summary>The one instance.</summary>
        public static Committed Instance { get; } = new();
    }

    /// <summary>Nothing was written. Names everything found to conflict; at least one list is not empty.</summary>
    public sealed record Conflict(
        IReadOnlyList<EntityId> Entities, IReadOnlyList<EffectId> Effects, IReadOnlyList<StoredTimer> Timers,
        IReadOnlyList<(string Workspace, string Key)> Requests, IReadOnlyList<IdentityClaim> Claims) : CommitResult;
}

/// <summary>A batch that the journal has decided on.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Durable">
/// Completes when it survives a loss of power: until then nothing outside may see it. Fails with <see cref="JournalUnavailableException"/> when that is unknown.
/// </param>
public readonly record struct WrittenBatch(CommitResult Result, Task Durable);
