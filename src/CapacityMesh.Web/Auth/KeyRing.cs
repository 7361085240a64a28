using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Auth;

/// <summary>
/// Makes, finds and withdraws keys. A key has 256 random bits, so its plain SHA-256 is as good as a slow hash, and finding it by that hash
/// compares nothing secret. A withdrawn key may work for another <see cref="CachedFor"/> on other machines.
/// </summary>
internal sealed class KeyRing(IMesh mesh)
{
    /// <summary>The workspace whose rows hold what belongs to no workspace.</summary>
    public const string Directory = "default";

    private const string OwnersTable = "keyOwners";
    private const int CacheMax = 10_000;
    private static readonly TimeSpan CachedFor = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (Caller? Caller, long UntilTicks)> cache = new(StringComparer.Ordinal);

    /// <summary>A key's hash, as stored.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>The text of a key: its id and 256 secret bits.</summary>
    public static string Format(string id, ReadOnlySpan<byte> secret) => $"cm_{id}_{Convert.ToHexStringLower(secret)}";

    /// <summary>Who comes with a key of this hash; null when nobody does, or not any more.</summary>
    public async ValueTask<Caller?> FindAsync(string hash, CancellationToken cancel)
    {
        var ticks = Environment.TickCount64;
        if (cache.TryGetValue(hash, out var known) && known.UntilTicks > ticks) return known.Caller;
        var (caller, expires) = await LoadAsync(hash, cancel);
        var until = ticks + (long)CachedFor.TotalMilliseconds;
        if (expires is { } end) until = Math.Min(until, ticks + (long)Math.Max(0, (end - mesh.Now).TotalMilliseconds));
        // Guesses fill the cache with strangers: start over rather than grow.
        if (cache.Count >= CacheMax) cache.Clear();
        cache[hash] = (caller, until);
        return caller;
    }

    private async ValueTask<(Caller?, DateTimeOffset?)> LoadAsync(string hash, CancellationToken cancel)
    {
        var rows = mesh.Journal.Rows;
        if (await rows.ReadAsync<KeyOwner>(new RowKey(Directory, OwnersTable, hash), cancel) is not { } owner) return (null, null);
        if (await ReadAsync(owner.Workspace, owner.Id, cancel) is not { } record || record.Hash != hash) return (null, null);
        return record.Expires <= mesh.Now ? (null, null) : (new Caller(owner.Workspace, record.Role, record.Id), record.Expires);
    }

    /// <summary>One key of a workspace.</summary>
    public ValueTask<KeyRecord?> ReadAsync(string workspace, string id, CancellationToken cancel) =>
        mesh.Journal.Rows.ReadAsync<KeyRecord>(new RowKey(workspace, RowTables.Keys, id), cancel);

    /// <summary>A page of a workspace's keys, by id.</summary>
    public ValueTask<IReadOnlyList<(string Key, KeyRecord Value)>> ListAsync(string workspace, string? after, int limit, CancellationToken cancel) =>
        mesh.Journal.Rows.ListAsync<KeyRecord>(workspace, RowTables.Keys, "", after, limit, cancel);

    /// <summary>What must be written so that a key works.</summary>
    public static RowChange[] RowsOf(string workspace, KeyRecord record) =>
    [
        Documents.Row(new RowKey(workspace, RowTables.Keys, record.Id), record),
        Documents.Row(new RowKey(Directory, OwnersTable, record.Hash), new KeyOwner(workspace, record.Id)),
    ];

    /// <summary>Makes a key work.</summary>
    public async ValueTask AddAsync(string workspace, KeyRecord record, CancellationToken cancel)
    {
        await mesh.Journal.Rows.ApplyAsync(RowsOf(workspace, record), cancel);
        cache.TryRemove(record.Hash, out _);
    }

    /// <summary>Withdraws a key; false when there is none of that id.</summary>
    public async ValueTask<bool> RemoveAsync(string workspace, string id, CancellationToken cancel)
    {
        if (await ReadAsync(workspace, id, cancel) is not { } record) return false;
        await mesh.Journal.Rows.ApplyAsync(
            [new RowChange(new RowKey(workspace, RowTables.Keys, id), null), new RowChange(new RowKey(Directory, OwnersTable, record.Hash), null)], cancel);
        cache.TryRemove(record.Hash, out _);
        return true;
    }
}
