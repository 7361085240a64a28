using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal;

/// <summary>
/// The truth. Everything that happened, everything still owed to the world, and the rows that are written with it.
/// <para>
/// One conformance suite runs on every implementation. Implementations are safe for concurrent use; several processes may share one
/// database, so nothing here may assume that this process is the only writer.
/// </para>
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>
    /// Writes a batch in one transaction and syncs once. Either all of it is durable when this returns <see cref="CommitResult.Committed"/>,
    /// or nothing of it was written: conflict is a value, not an exception. A fault of the store (disk, network) is thrown; the caller must then
    /// assume that the batch may or may not have been written, and reload.
    /// <para>It conflicts when an append's expected version is not the stored one, when an entity that a turn left unchanged is at another version, when a consumed effect or timer is no longer there,
    /// when an idempotency key was opened already, or when an identity is claimed by another contact.</para>
    /// </summary>
    ValueTask<CommitResult> CommitAsync(CommitBatch batch, CancellationToken cancel);

    /// <summary>
    /// Writes a batch as <see cref="CommitAsync"/> does, and returns as soon as its place and its conflicts are decided, so that the next one can be
    /// written while this one syncs. Batches become durable in the order in which they were written. A journal that cannot tell the two apart waits.
    /// </summary>
    async ValueTask<WrittenBatch> WriteAsync(CommitBatch batch, CancellationToken cancel) =>
        new(await CommitAsync(batch, cancel).ConfigureAwait(false), Task.CompletedTask);

    /// <summary>Whether <see cref="WriteAsync"/> may be called again before the last call returned: batches are written in the order of the calls.</summary>
    bool WritesInOrder => false;

    /// <summary>
    /// The last snapshot of an entity and the turns after it, in version order, with the effects that it still owes; null when it never had a turn.
    /// An effect of these turns that is not named had its turn, or is parked.
    /// </summary>
    ValueTask<StoredEntity?> LoadAsync(EntityId entity, CancellationToken cancel);

    /// <summary>Turns of an entity with a version above the given one, oldest first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<StoredTurns>> HistoryAsync(EntityId entity, long afterVersion, int limit, CancellationToken cancel);

    /// <summary>Keys of the entities of one kind that ever had a turn, in ordinal order, after <paramref name="afterKey"/>.</summary>
    ValueTask<IReadOnlyList<string>> KeysAsync(string workspace, EntityKind kind, string? afterKey, int limit, CancellationToken cancel);

    /// <summary>Effects that wait for their turn and are not parked, oldest first, with a sequence above the given one.</summary>
    ValueTask<IReadOnlyList<StoredEffect>> OutboxAsync(long afterSequence, int limit, CancellationToken cancel);

    /// <summary>Parks an effect that keeps failing, with its reason; it is no longer in <see cref="OutboxAsync"/>. False when it was not there.</summary>
    ValueTask<bool> ParkAsync(EffectId effect, string reason, CancellationToken cancel);

    /// <summary>Effects that were parked, oldest first.</summary>
    ValueTask<IReadOnlyList<ParkedEffect>> ParkedAsync(int limit, CancellationToken cancel);

    /// <summary>Timers due at or before the instant, earliest first.</summary>
    ValueTask<IReadOnlyList<StoredTimer>> TimersAsync(DateTimeOffset dueBy, int limit, CancellationToken cancel);

    /// <summary>The request stored under an idempotency key.</summary>
    ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel);

    /// <summary>The contact that claimed an identity; null when nobody did.</summary>
    ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel);

    /// <summary>A page of the lead index, newest first.</summary>
    ValueTask<IReadOnlyList<LeadRow>> LeadsAsync(LeadQuery query, CancellationToken cancel);

    /// <summary>Rows that were written beside turns: vault rows and documents.</summary>
    IRowStore Rows { get; }
}

/// <summary>
/// Rows beside the events, addressed by (workspace, table, key, item): personal data that can be erased, and documents such as keys and settings.
/// A value is opaque UTF-8 JSON of at most <see cref="ValueBytesMax"/> bytes.
/// </summary>
public interface IRowStore
{
    /// <summary>Bytes of one value: a lead's message and attributes at their limits, twice.</summary>
    const int ValueBytesMax = 256 * 1024;

    /// <summary>One row, or null.</summary>
    ValueTask<ReadOnlyMemory<byte>?> GetAsync(RowKey key, CancellationToken cancel);

    /// <summary>All rows of a table, or of one key in it, in ordinal order of (key, item), after the given row.</summary>
    ValueTask<IReadOnlyList<StoredRow>> ListAsync(string workspace, string table, string? key, RowKey? after, int limit, CancellationToken cancel);

    /// <summary>Applies changes outside a turn, in one transaction, durably.</summary>
    ValueTask ApplyAsync(IReadOnlyList<RowChange> changes, CancellationToken cancel);

    /// <summary>Writes a row, durably, unless there is one: of several members that make the same thing at one instant all find what the first one made.</summary>
    ValueTask AddAsync(RowKey key, ReadOnlyMemory<byte> value, CancellationToken cancel);
}

/// <summary>Address of a row.</summary>
/// <param name="Workspace">The tenant.</param>
/// <param name="Table">What kind of row: see <see cref="RowTables"/>.</param>
/// <param name="Key">Whose row: a contact's id, a person's id, a key's id.</param>
/// <param name="Item">Which of several rows of one key; empty when there is one.</param>
public readonly record struct RowKey(string Workspace, string Table, string Key, string Item = "");

/// <summary>The tables in use.</summary>
public static class RowTables
{
    /// <summary>Personal data: key is the contact, item is <c>profile</c> or <c>lead:ID</c>. Erased with the contact.</summary>
    public const string Vault = "vault";
    /// <summary>Bodies of PUT requests as they were accepted; key is <c>kind:id</c>.</summary>
    public const string Documents = "documents";
    /// <summary>API keys, hashed.</summary>
    public const string Keys = "keys";
    /// <summary>Workspaces; stored under the workspace <c>default</c>.</summary>
    public const string Workspaces = "workspaces";
    /// <summary>Secrets of the workspace itself, such as the identity hash key.</summary>
    public const string Secrets = "secrets";
    /// <summary>Connectors to platforms, their secrets sealed.</summary>
    public const string Connectors = "connectors";
    /// <summary>Leads of which a platform has told us the id only; stored under the workspace <c>default</c> until they are fetched.</summary>
    public const string CaptureQueue = "captureQueue";
    /// <summary>From a platform's lead to ours: key is the connector, item a hash of the platform's id.</summary>
    public const string CaptureOrigins = "captureOrigins";
    /// <summary>Webhooks, their secrets sealed.</summary>
    public const string Webhooks = "webhooks";
    /// <summary>What reports know of each lead: key is the day that the person asked, item the lead.</summary>
    public const string LeadFacts = "leadFacts";
    /// <summary>Visits that were no request: key is the day, item the visitor and what they saw, hashed.</summary>
    public const string Visits = "visits";
    /// <summary>Visitors that became leads: key is the day, item the visitor, hashed.</summary>
    public const string VisitLeads = "visitLeads";
    /// <summary>What reached a visitor before anybody knew who they are: key is the visitor, hashed.</summary>
    public const string Visitors = "visitors";
    /// <summary>Platforms' leads that were given up: key is the connector.</summary>
    public const string CaptureParked = "captureParked";
    /// <summary>What came through each connector and became no lead: key is the connector, item the reason.</summary>
    public const string CaptureNotes = "captureNotes";
    /// <summary>Messages to webhooks: key is the webhook, item the delivery.</summary>
    public const string Deliveries = "deliveries";
    /// <summary>What was expected of the weeks ahead: key is the day it was written on, <c>yyyy-MM-dd</c>.</summary>
    public const string Forecasts = "forecasts";
    /// <summary>What we did to campaigns at ad platforms: key is the connector, item the platform's campaign.</summary>
    public const string Actuations = "actuations";
    /// <summary>Campaigns to look at now; key is the connector, item the platform's campaign; stored under the workspace <c>default</c> until the process that steers has seen them.</summary>
    public const string ActuationAsks = "actuationAsks";
    /// <summary>Outcomes for ad platforms: key is the connector, item the outcome; kept, so that each goes once.</summary>
    public const string Outcomes = "outcomes";
    /// <summary>Outcomes that are still to be sent or confirmed: key is the connector, item the outcome.</summary>
    public const string OutcomesDue = "outcomesDue";
    /// <summary>Outcomes that were refused or given up: key is the connector, item the outcome.</summary>
    public const string OutcomesDead = "outcomesDead";
}

/// <summary>One change to the rows.</summary>
/// <param name="Key">Which row; with <paramref name="Value"/> null and an empty item, every row of that key.</param>
/// <param name="Value">The new value, or null to delete.</param>
public readonly record struct RowChange(RowKey Key, ReadOnlyMemory<byte>? Value);

/// <summary>A row as stored.</summary>
public readonly record struct StoredRow(RowKey Key, ReadOnlyMemory<byte> Value);
