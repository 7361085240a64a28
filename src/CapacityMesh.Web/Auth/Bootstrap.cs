using System.Security.Cryptography;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Web.Auth;

/// <summary>What the first start of an empty store makes.</summary>
/// <param name="Key">The admin key, to be printed this once; null when it came from the environment.</param>
/// <param name="LoginPath">A one-time link to the board.</param>
public sealed record FirstStart(string? Key, string LoginPath);

/// <summary>Makes the workspace <c>default</c> and its admin key when the store is empty. The host calls it once, before it listens.</summary>
public sealed class Bootstrap
{
    private const int GivenKeyLengthMin = 16;
    private const string GivenKeyId = "admin";
    private readonly IMesh mesh;
    private readonly Workspaces workspaces;
    private readonly KeyRing keys;
    private readonly WorkspaceSecrets secrets;
    private readonly OneTimeLinks links;
    private readonly WebOptions options;

    internal Bootstrap(IMesh mesh, Workspaces workspaces, KeyRing keys, WorkspaceSecrets secrets, OneTimeLinks links, WebOptions options) =>
        (this.mesh, this.workspaces, this.keys, this.secrets, this.links, this.options) = (mesh, workspaces, keys, secrets, links, options);

    /// <summary>Makes what is missing; null when nothing was and no key is given. A given key (<see cref="WebOptions.AdminKey"/>) is made valid at every start.</summary>
    /// <exception cref="ArgumentException">The given key is shorter than 16 characters.</exception>
    public async Task<FirstStart?> RunAsync(CancellationToken cancel)
    {
        await secrets.OfAsync(KeyRing.Directory, cancel);
        var isEmpty = !await workspaces.AnyAsync(cancel);
        if (options.AdminKey is { Length: > 0 } given)
        {
            if (given.Length < GivenKeyLengthMin) throw new ArgumentException("The admin key from the environment must have at least 16 characters.");
            await AddGivenAsync(given, cancel);
        }
        else if (!isEmpty)
        {
            return null;
        }
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var key = options.AdminKey is { Length: > 0 } ? null : KeyRing.Format(id, RandomNumberGenerator.GetBytes(32));
        if (key is not null) await keys.AddAsync(KeyRing.Directory, new KeyRecord(id, Role.Admin, "first admin key", mesh.Now, null, KeyRing.HashOf(key), null), cancel);
        // Last, so that a start that was broken off begins again.
        if (isEmpty) await workspaces.AddAsync(new WorkspaceRecord(KeyRing.Directory, KeyRing.Directory, null, mesh.Now), cancel);
        return new FirstStart(key, links.Make(key ?? options.AdminKey!));
    }

    // Another key under this id was given at an earlier start: it is replaced.
    private async ValueTask AddGivenAsync(string given, CancellationToken cancel)
    {
        var hash = KeyRing.HashOf(given);
        var present = await keys.ReadAsync(KeyRing.Directory, GivenKeyId, cancel);
        if (present?.Hash == hash) return;
        if (present is not null) await keys.RemoveAsync(KeyRing.Directory, GivenKeyId, cancel);
        await keys.AddAsync(KeyRing.Directory, new KeyRecord(GivenKeyId, Role.Admin, "given by the environment", mesh.Now, null, hash, null), cancel);
    }
}
