using System.Security.Cryptography;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Problems;
using Microsoft.AspNetCore.StaticFiles;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>The pages, embedded in this assembly. They hold no data, so that anybody may load them; what they show comes through the API.</summary>
internal static class Pages
{
    private const string Root = "wwwroot/";

    private sealed record Asset(byte[] Bytes, string ContentType, string ETag, bool IsImmutable);

    /// <summary>Maps the pages and everything that they load.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var assets = Load();
        foreach (var (path, page) in new[] { ("/", "index.html"), ("/desk", "desk.html"), ("/leads", "leads.html"), ("/leads/{id}", "lead.html"), ("/setup", "setup.html"), ("/login", "login.html") })
        {
            var asset = assets.GetValueOrDefault(page);
            Get(app, path, http => asset is null
                ? ProblemReply.WriteAsync(http, Problem.NotFound("boardNotBuilt", "This build has no pages; the API works all the same."))
                : SendAsync(http, asset));
        }
        foreach (var (path, asset) in assets)
        {
            if (!path.EndsWith(".html", StringComparison.Ordinal)) Get(app, $"/{path}", http => SendAsync(http, asset));
        }
    }

    private static void Get(IEndpointRouteBuilder app, string path, RequestDelegate send) => app.MapMethods(path, ["GET", "HEAD"], send).WithMetadata(Access.Open).ExcludeFromDescription();

    private static Dictionary<string, Asset> Load()
    {
        var assembly = typeof(Pages).Assembly;
        var types = new FileExtensionContentTypeProvider();
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Root, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var path = name[Root.Length..];
            var type = types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
            if (type.StartsWith("text/", StringComparison.Ordinal)) type += "; charset=utf-8";
            // Names under assets/ carry a hash of what they hold.
            assets[path] = new Asset(bytes, type, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"", path.StartsWith("assets/", StringComparison.Ordinal));
        }
        return assets;
    }

    private static async Task SendAsync(HttpContext http, Asset asset)
    {
        var response = http.Response;
        response.Headers.ETag = asset.ETag;
        response.Headers.CacheControl = asset.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        if (http.Request.Headers.IfNoneMatch.Contains(asset.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Bytes.Length;
        if (HttpMethods.IsGet(http.Request.Method)) await response.Body.WriteAsync(asset.Bytes, http.RequestAborted);
    }
}
