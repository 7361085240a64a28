using CapacityMesh.Web.Auth;

namespace CapacityMesh.Host.Serving;

/// <summary>What the operator reads on the terminal. The key stands here once and nowhere else, no log included.</summary>
internal static class Greeting
{
    public static async Task WriteAsync(TextWriter terminal, MeshServer server)
    {
        var url = Reachable(server.Urls[0]);
        await terminal.WriteLineAsync($"CapacityMesh listens on {string.Join(", ", server.Urls)}");
        if (server.FirstStart is { } first) await WriteFirstAsync(terminal, first, url);
        else await terminal.WriteLineAsync($"Board: {url}/ (log in with a key)");
        await terminal.FlushAsync();
    }

    private static async Task WriteFirstAsync(TextWriter terminal, FirstStart first, string url)
    {
        if (first.Key is { } key) await terminal.WriteLineAsync($"Admin key, shown this once: {key}");
        await terminal.WriteLineAsync($"Board, with a link that logs in once: {url}{first.LoginPath}");
    }

    // What a browser on this machine can open.
    private static string Reachable(string url) => url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal).TrimEnd('/');
}
