using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Web.Auth;

/// <summary>Each workspace's own secret: identities, sessions and repeatable keys are derived from it. Made once, never changed.</summary>
internal sealed class WorkspaceSecrets(IMesh mesh) : IDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim making = new(1);

    /// <summary>The secret, 256 bits.</summary>
    public ValueTask<byte[]> OfAsync(string workspace, CancellationToken cancel) =>
        known.TryGetValue(workspace, out var secret) ? ValueTask.FromResult(secret) : LoadAsync(workspace, cancel);

    /// <summary>A keyed hash of a text, for one purpose.</summary>
    public async ValueTask<byte[]> DeriveAsync(string workspace, string purpose, string text, CancellationToken cancel) =>
        HMACSHA256.HashData(await OfAsync(workspace, cancel), Encoding.UTF8.GetBytes($"{purpose}:{text}"));

    /// <inheritdoc/>
    public void Dispose() => making.Dispose();

    private async ValueTask<byte[]> LoadAsync(string workspace, CancellationToken cancel)
    {
        await making.WaitAsync(cancel);
        try
        {
            if (known.TryGetValue(workspace, out var secret)) return secret;
            var row = new RowKey(workspace, RowTables.Secrets, "workspace");
            if (await mesh.Journal.Rows.GetAsync(row, cancel) is not { } stored)
            {
                // Members of a cluster start together, and each would make one: only the first one's stands, and that is what all of them read back.
                await mesh.Journal.Rows.AddAsync(row, Encoding.ASCII.GetBytes($"\"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}\""), cancel);
                stored = (await mesh.Journal.Rows.GetAsync(row, cancel))!.Value;
            }
            return known[workspace] = Convert.FromHexString(Encoding.ASCII.GetString(stored.Span).Trim('"'));
        }
        finally
        {
            making.Release();
        }
    }
}
