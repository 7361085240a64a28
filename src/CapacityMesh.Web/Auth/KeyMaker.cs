using System.Security.Cryptography;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Auth;

/// <summary>
/// Makes keys. Under an idempotency key the secret is derived from it and the workspace's own secret, so that a repeat shows the same key
/// although nobody has stored it.
/// </summary>
internal sealed class KeyMaker(IMesh mesh, KeyRing keys, WorkspaceSecrets secrets) : IDisposable
{
    // One at a time: a repeat at the same instant finds what the first has written.
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>A key that works from now on, and its text.</summary>
    public async ValueTask<(KeyRecord Record, string Key)> MakeAsync(
        string workspace, Role role, string? note, DateTimeOffset? expires, string? idempotencyKey, string bodyHash, CancellationToken cancel)
    {
        var seed = idempotencyKey is null
            ? RandomNumberGenerator.GetBytes(40)
            : await SeedAsync(workspace, idempotencyKey, cancel);
        var id = Convert.ToHexStringLower(seed.AsSpan(0, 8));
        var key = KeyRing.Format(id, seed.AsSpan(8, 32));
        await turn.WaitAsync(cancel);
        try
        {
            if (idempotencyKey is not null && await keys.ReadAsync(workspace, id, cancel) is { } made)
            {
                return made.BodyHash == bodyHash ? (made, key) : throw new ProblemException(Problem.KeyReused());
            }
            var record = new KeyRecord(id, role, note, mesh.Now, expires, KeyRing.HashOf(key), idempotencyKey is null ? null : bodyHash);
            await keys.AddAsync(workspace, record, cancel);
            return (record, key);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes a key back.</summary>
    public async ValueTask UnmakeAsync(string workspace, string id, CancellationToken cancel) => await keys.RemoveAsync(workspace, id, cancel);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private async ValueTask<byte[]> SeedAsync(string workspace, string idempotencyKey, CancellationToken cancel)
    {
        var id = await secrets.DeriveAsync(workspace, "keyId", idempotencyKey, cancel);
        var secret = await secrets.DeriveAsync(workspace, "keySecret", idempotencyKey, cancel);
        return [.. id.AsSpan(0, 8), .. secret];
    }
}
