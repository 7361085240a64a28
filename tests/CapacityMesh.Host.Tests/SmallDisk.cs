using System.Diagnostics;

namespace CapacityMesh.Host.Tests;

/// <summary>A fact that needs a file system of a size of our choosing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhyNone;
}

/// <summary>A file system in memory that one process and its children see, and nobody else.</summary>
internal static class SmallDisk
{
    private static readonly string[] Namespace = Environment.IsPrivilegedProcess ? ["unshare", "-m"] : ["unshare", "-rm"];

    /// <summary>Why there is none; null when there is.</summary>
    public static string? WhyNone { get; } = OperatingSystem.IsLinux() && MayMount() ? null : "This account may not mount a file system in a namespace of its own.";

    /// <summary>What to put before a program so that the folder is such a file system to it.</summary>
    public static IEnumerable<string> Launcher(string folder, int megabytes) =>
        [.. Namespace, "sh", "-c", $"mount -t tmpfs -o size={megabytes}m tmpfs '{folder}' && exec \"$@\"", "sh"];

    /// <summary>Writes a file until there is no room for more.</summary>
    public static async Task FillAsync(string path)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        var block = new byte[4 * 1024];
        try
        {
            while (file.Length < 1L << 30) await file.WriteAsync(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static bool MayMount()
    {
        var folder = Directory.CreateTempSubdirectory("capacitymesh-");
        try
        {
            var start = new ProcessStartInfo(Namespace[0]) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var word in Launcher(folder.FullName, megabytes: 1).Skip(1).Append("true")) start.ArgumentList.Add(word);
            using var process = Process.Start(start);
            return process is not null && process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
        finally
        {
            folder.Delete();
        }
    }
}
