using System.Runtime.CompilerServices;

namespace CapacityMesh.House.Tests;

/// <summary>The repository's own files, without what builds leave behind.</summary>
internal static class House
{
    private static readonly string[] Left = ["bin", "obj", "node_modules", ".git", "artifacts", "wwwroot", "TestResults"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        if (!Directory.Exists(path)) return [];
        return Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Root, f).Split(Path.DirectorySeparatorChar).Any(part => Left.Contains(part)))
            .Order(StringComparer.Ordinal);
    }

    public static IEnumerable<string> Sources => Files("src", "*.cs").Concat(Files("tests", "*.cs")).Concat(Files("samples", "*.cs"));

    public static string NameOf(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
