using System.Text;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Journal.Tests;

/// <summary>Values that tests write, with short names.</summary>
internal static class Samples
{
    public const string Workspace = "acme";
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly EntityId Anna = Lead("anna");
    public static readonly EntityId Sales = new(Workspace, EntityKind.Pool, "sales");

    public static EntityId Lead(string key) => new(Workspace, EntityKind.Lead, key);

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static Append Append(EntityId entity, long expected, long version, string turns = "turn") => new(entity, expected, version, Bytes(turns));

    public static StoredEffect Effect(EntityId source, long version, int ordinal = 0, string payload = "send") =>
        new(0, new EffectId(source, version, ordinal), Sales, false, Bytes(payload));

    public static StoredEffect Report(EntityId source, long version, string payload = "report") =>
        new(0, new EffectId(source, version, 0), Sales, true, Bytes(payload));

    public static StoredTimer Timer(EntityId entity, string name, int minutes) => new(entity, name, Noon.AddMinutes(minutes));

    // A bare null beside bytes would become empty bytes: an answer of length zero.
    public static RequestChange Open(string key, string? reply = null) =>
        new(Workspace, key, "hash", reply is null ? (ReadOnlyMemory<byte>?)null : Bytes(reply), Noon);

    public static RequestChange Reply(string key, string reply) => new(Workspace, key, null, Bytes(reply), Noon.AddMinutes(1));

    public static IdentityClaim Claim(string identity, string contact) => new(Workspace, identity, contact);

    public static RowChange Put(string key, string item, string value, string table = RowTables.Vault) =>
        new(new RowKey(Workspace, table, key, item), Bytes(value));

    public static RowChange Delete(string key, string item = "", string table = RowTables.Vault) => new(new RowKey(Workspace, table, key, item), null);

    public static LeadRow Row(string lead, string state = "queued", string? pool = "sales", string campaign = "spring", string? person = null, bool closed = false) =>
        new(Workspace, lead, state, "discovery", pool, campaign, "contact-" + lead, person, null, Noon, Noon.AddMinutes(2), closed ? Noon.AddMinutes(3) : null, closed);

    /// <summary>Commits a batch that must be accepted.</summary>
    public static async Task CommitAsync(this IJournal journal, Action<CommitBatch> fill)
    {
        var batch = new CommitBatch();
        fill(batch);
        Assert.IsType<CommitResult.Committed>(await journal.CommitAsync(batch, default));
    }

    /// <summary>Commits a batch that must conflict.</summary>
    public static async Task<CommitResult.Conflict> ConflictAsync(this IJournal journal, Action<CommitBatch> fill)
    {
        var batch = new CommitBatch();
        fill(batch);
        return Assert.IsType<CommitResult.Conflict>(await journal.CommitAsync(batch, default));
    }
}
