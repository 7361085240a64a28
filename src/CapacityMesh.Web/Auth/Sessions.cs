using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CapacityMesh.Web.Auth;

/// <summary>
/// Browser sessions: a signed cookie that names a key by its hash, never the key. It ends with the key that it was made with, or after
/// <see cref="Lasts"/> of the browser's own time, whichever is first: a demonstration's days pass in seconds, and nobody is logged out by them.
/// </summary>
internal sealed class Sessions(TimeProvider clock, WorkspaceSecrets secrets)
{
    public const string CookieName = "capacitymesh";

    /// <summary>A working day and the evening.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(16);

    /// <summary>Begins a session for the key of this hash.</summary>
    public async ValueTask BeginAsync(HttpContext http, string keyHash, CancellationToken cancel)
    {
        var ends = clock.GetUtcNow() + Lasts;
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        var text = $"{keyHash}.{ends.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{nonce}";
        http.Response.Cookies.Append(CookieName, $"{text}.{await SignAsync(text, cancel)}", Options(http, Lasts));
    }

    /// <summary>Ends the browser's session.</summary>
    public static void End(HttpContext http) => http.Response.Cookies.Delete(CookieName, Options(http, null));

    /// <summary>The hash of the key behind a cookie; null when it is not ours or is over.</summary>
    public async ValueTask<string?> KeyHashOfAsync(string cookie, CancellationToken cancel)
    {
        if (cookie.Length > 400 || cookie.Split('.') is not [var hash, var ends, var nonce, var signature]) return null;
        var expected = await SignAsync($"{hash}.{ends}.{nonce}", cancel);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature))) return null;
        var isOver = !long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds <= clock.GetUtcNow().ToUnixTimeSeconds();
        return isOver ? null : hash;
    }

    private async ValueTask<string> SignAsync(string text, CancellationToken cancel) =>
        Base64Url.EncodeToString(await secrets.DeriveAsync(KeyRing.Directory, "session", text, cancel));

    private static CookieOptions Options(HttpContext http, TimeSpan? age) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", MaxAge = age, IsEssential = true };
}
