using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Auth;

/// <summary>
/// Who is calling, and may they? 1. An endpoint without <see cref="Access"/> or open to all passes. 2. A bearer key, or else a session cookie, names the
/// caller. 3. A cookie must come from our own pages where something may change. 4. The role must suffice.
/// </summary>
internal sealed class AuthGate(RequestDelegate next, KeyRing keys, Sessions sessions)
{
    private const string Scheme = "Bearer ";
    private const int KeyLengthMax = 300;

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Access>() is { Anonymous: false } access) await AdmitAsync(http, access);
        await next(http);
    }

    private async ValueTask AdmitAsync(HttpContext http, Access access)
    {
        var caller = await FindAsync(http) ?? throw new ProblemException(Problem.Unauthorized());
        if (!access.Allows(caller.Role)) throw new ProblemException(Problem.Forbidden("roleNotAllowed", "The key's role does not allow this."));
        http.Features.Set(caller);
    }

    private async ValueTask<Caller?> FindAsync(HttpContext http)
    {
        var cancel = http.RequestAborted;
        if (BearerOf(http) is { } key) return await keys.FindAsync(KeyRing.HashOf(key), cancel);
        if (http.Request.Cookies[Sessions.CookieName] is not { } cookie || await sessions.KeyHashOfAsync(cookie, cancel) is not { } hash) return null;
        if (await keys.FindAsync(hash, cancel) is not { } caller) return null;
        return SameSite.IsOurs(http.Request) ? caller : throw new ProblemException(Problem.Forbidden("crossSite", "A change by cookie must come from our own pages."));
    }

    /// <summary>The key in the Authorization header, if any.</summary>
    public static string? BearerOf(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length <= KeyLengthMax ? header[Scheme.Length..].Trim() : null;
    }
}
