using System.Text.Json;
using System.Text.Json.Serialization;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.WhatIf;
using CapacityMesh.Simulation.WhatIf.Files;

namespace CapacityMesh.Host.Commands;

/// <summary><c>simulate FILE</c>: a described business, or an exported workspace, with or without changes.</summary>
internal static class SimulateFile
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs a file: what its changes bring when it names any, or begins with leads in progress; policies side by side otherwise.</summary>
    public static int Run(string path, int? weeks, ulong? seed, int? seeds, string policy, bool json)
    {
        ScenarioFile file;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > ScenarioFile.BytesMax }) return ServeCommand.Refuse($"{path} is larger than {ScenarioFile.BytesMax / 1024 / 1024} MiB.");
            file = ScenarioFile.Read(File.ReadAllBytes(path), weeks);
        }
        catch (ScenarioFileException wrong)
        {
            return ServeCommand.Refuse($"{path} cannot be run:{Environment.NewLine}{wrong.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return ServeCommand.Refuse(fault.Message);
        }
        if (PolicyNames.Parse(policy) is not { } policies) return ServeCommand.Refuse($"There is no policy '{policy}'; they are mesh, none, cap, threshold and all.");
        if (file.AsksWhatIf) return Answer(new WhatIfQuestion(file.Weeks, seed ?? file.Seed, file.Changes), file.Picture, seeds, json);
        return SimulateCommand.Print(FileScenario.Of(file), policies, [.. Enumerable.Range(0, seeds ?? 1).Select(i => (seed ?? file.Seed) + (ulong)i)], json);
    }

    private static int Answer(WhatIfQuestion question, Picture picture, int? seeds, bool json)
    {
        using var interrupt = new Interrupt();
        var runs = 0;
        var report = question.Answer(picture, seeds, _ => Progress(++runs), interrupt.Token);
        if (report is null)
        {
            Console.Error.WriteLine("Interrupted before anything was known.");
            return 130;
        }
        Console.WriteLine(json ? JsonSerializer.Serialize(report, Indented) : WhatIfText.Of(report));
        return interrupt.Token.IsCancellationRequested ? 130 : 0;
    }

    private static void Progress(int runs)
    {
        if (runs % 10 == 0) Console.Error.WriteLine($"{runs} futures");
    }
}
