using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CapacityMesh.Web.Auth;

namespace CapacityMesh.Web.Capture;

/// <summary>Identities as they are stored: keyed hashes, so that a stolen journal names nobody.</summary>
internal sealed class IdentityKeys(WorkspaceSecrets secrets)
{
    /// <summary>The keys of a person, e-mail first.</summary>
    public async ValueTask<string[]> OfAsync(string workspace, string? email, string? phone, CancellationToken cancel)
    {
        var secret = await secrets.OfAsync(workspace, cancel);
        return (email, phone) switch
        {
            ({ } e, { } p) => [Hash(secret, "email:", e), Hash(secret, "phone:", p)],
            ({ } e, null) => [Hash(secret, "email:", e)],
            (null, { } p) => [Hash(secret, "phone:", p)],
            _ => [],
        };
    }

    private static string Hash(byte[] secret, string kind, string value)
    {
        Span<byte> text = stackalloc byte[1_100];
        var length = Encoding.UTF8.GetBytes(kind, text);
        length += Encoding.UTF8.GetBytes(value, text[length..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, text[..length], hash);
        return Base64Url.EncodeToString(hash);
    }
}
