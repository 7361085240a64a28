using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CapacityMesh.Host.Tests;

// Goal: simulate FILE does what its page says, and refuses plainly. Method: the real process on the shipped sample, whole and broken.
public sealed class SimulateFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    private static string Sample([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "samples", "scenarios", "agency.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_sample_is_answered_as_json()
    {
        var (exit, output) = await ServerProcess.RunAsync("simulate", Sample(), "--weeks", "2", "--seeds", "2", "--json");

        Assert.True(exit == 0, output);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, report.GetProperty("seeds").GetInt32());
        Assert.Equal("sales", report.GetProperty("before").GetProperty("constraint").GetProperty("pool").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_its_path_and_exit_code_two()
    {
        var path = Path.Combine(folder, "broken.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(Sample())).Replace("\"passRate\": 0.4", "\"passRate\": 4", StringComparison.Ordinal));

        var (exit, output) = await ServerProcess.RunAsync("simulate", path);

        Assert.Equal(2, exit);
        Assert.Contains("process.stages[0].passRate: Between 0 and 1. (impossibleRate)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said_plainly()
    {
        var (exit, output) = await ServerProcess.RunAsync("simulate", Path.Combine(folder, "nothing.json"));

        Assert.Equal(2, exit);
        Assert.Contains("nothing.json", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
