namespace CapacityMesh.Web.Auth;

/// <summary>Whether a browser's request comes from our own pages: the guard against forged requests, beside the cookie's own SameSite.</summary>
internal static class SameSite
{
    /// <summary>Reading is free; a change, and a socket, must show where it comes from.</summary>
    public static bool IsOurs(HttpRequest request)
    {
        // Sockets open by GET and are not held back by the same-origin policy.
        if (request.Headers.Origin is [{ Length: > 0 } origin] && origin != $"{request.Scheme}://{request.Host}" && !IsProxied(request, origin)) return false;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return true;
        return request.Headers.XRequestedWith == "capacitymesh"
            || request.Headers["Sec-Fetch-Site"] == "same-origin"
            || request.Headers.Origin.Count == 1;
    }

    // A proxy that ends TLS leaves the host as it was and changes the scheme.
    private static bool IsProxied(HttpRequest request, string origin) => origin == $"https://{request.Host}";
}
