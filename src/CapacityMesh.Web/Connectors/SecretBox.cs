using System.Security.Cryptography;
using System.Text;
using CapacityMesh.Web.Auth;

namespace CapacityMesh.Web.Connectors;

/// <summary>
/// Seals what we must be able to read again, such as a platform's token: AES-256-GCM under a key derived from the workspace's secret. The place where
/// it is kept is authenticated too, so that a sealed text works nowhere else.
/// </summary>
internal sealed class SecretBox(WorkspaceSecrets secrets)
{
    private static readonly byte[] Purpose = "capacitymesh:sealed-secrets:v1"u8.ToArray();

    /// <summary>Seals a text for one place.</summary>
    public async ValueTask<string> SealAsync(string workspace, string place, string text, CancellationToken cancel)
    {
        using var cipher = await CipherAsync(workspace, cancel);
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[AesGcm.NonceByteSizes.MaxSize + plain.Length + AesGcm.TagByteSizes.MaxSize];
        var (nonce, body, tag) = Parts(box);
        RandomNumberGenerator.Fill(nonce.Span);
        cipher.Encrypt(nonce.Span, plain, body.Span, tag.Span, Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String(box);
    }

    /// <summary>Opens what was sealed for the same place.</summary>
    /// <exception cref="CryptographicException">It was not sealed for this place, or was tampered with.</exception>
    public async ValueTask<string> OpenAsync(string workspace, string place, string sealedText, CancellationToken cancel)
    {
        using var cipher = await CipherAsync(workspace, cancel);
        var (nonce, body, tag) = Parts(Convert.FromBase64String(sealedText));
        var plain = new byte[body.Length];
        cipher.Decrypt(nonce.Span, body.Span, tag.Span, plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }

    private async ValueTask<AesGcm> CipherAsync(string workspace, CancellationToken cancel)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, await secrets.OfAsync(workspace, cancel), 32, info: Purpose);
        return new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
    }

    private static (Memory<byte> Nonce, Memory<byte> Body, Memory<byte> Tag) Parts(byte[] box)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return (box.AsMemory(0, nonce), box.AsMemory(nonce, box.Length - nonce - tag), box.AsMemory(box.Length - tag));
    }
}
