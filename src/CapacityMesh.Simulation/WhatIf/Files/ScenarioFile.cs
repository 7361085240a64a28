using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Simulation.WhatIf.Changes;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>A scenario file says something that cannot be.</summary>
public sealed class ScenarioFileException(IReadOnlyList<FieldError> errors) : Exception(Words(errors))
{
    // A screen of them: whoever has more has one mistake many times.
    private const int WordsMax = 40;

    /// <summary>What, by the path of its field.</summary>
    public IReadOnlyList<FieldError> Errors { get; } = errors;

    private static string Words(IReadOnlyList<FieldError> errors)
    {
        var lines = errors.Take(WordsMax).Select(e => $"{e.Field}: {e.Text} ({e.Code})");
        return string.Join(Environment.NewLine, errors.Count > WordsMax ? lines.Append($"and {errors.Count - WordsMax} more") : lines);
    }
}

/// <summary>A business that somebody described, and what they want to know about it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weeks">How far to look.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Picture">The business.</param>
/// <param name="Changes">What might change.</param>
public sealed record ScenarioFile(string Name, int Weeks, ulong Seed, Picture Picture, IReadOnlyList<Change> Changes)
{
    /// <summary>Bytes of a file: a workspace with five thousand open leads, several times.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    /// <summary>Weeks that leads may arrive for: ten years. Only the first <see cref="Futures.WeeksMax"/> when changes are asked about.</summary>
    public const int WeeksMax = 520;

    /// <summary>Leads that may come in one run: some minutes of it.</summary>
    public const int LeadsMax = 200_000;

    /// <summary>Whether the file asks what changes bring, or begins with leads in progress; otherwise it is a business on which policies can be compared.</summary>
    public bool AsksWhatIf => Changes.Count > 0 || Picture.Leads.Count > 0;

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">Its content.</param>
    /// <param name="weeks">How far to look instead of what the file says; null for what it says.</param>
    /// <exception cref="ScenarioFileException">It cannot be read; names every field that is wrong.</exception>
    public static ScenarioFile Read(ReadOnlyMemory<byte> utf8, int? weeks = null)
    {
        if (utf8.Length > BytesMax) throw Wrong("", "tooLarge", $"A scenario file has at most {BytesMax / 1024 / 1024} MiB.");
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 });
            return Read(document.RootElement, weeks);
        }
        catch (JsonException fault)
        {
            throw Wrong(fault.Path ?? "", "malformed", $"This is not JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}).");
        }
    }

    private static ScenarioFile Read(JsonElement root, int? instead)
    {
        var errors = new FieldErrors();
        var top = new Field(root, "", errors).Only("name", "at", "weeks", "seed", "process", "people", "slots", "campaigns", "learned", "leads", "changes");
        var told = top.Find("weeks")?.Whole(1, WeeksMax) ?? WhatIfQuestion.DefaultWeeks;
        var weeks = instead ?? told;
        var seed = (ulong)(top.Find("seed")?.Number(0, long.MaxValue) ?? 1);
        var name = top.Find("name")?.Text() ?? "scenario";
        var picture = PictureReader.Read(top, weeks);
        var changes = ChangeReader.Read(top.Items("changes", Change.CountMax), errors.None ? picture : null);
        if (errors.None && (changes.Count > 0 || picture.Leads.Count > 0)) errors.Require(weeks <= Futures.WeeksMax, "weeks", "outOfRange", $"What changes bring is told for 1 to {Futures.WeeksMax} weeks.");
        if (!errors.None) throw new ScenarioFileException(errors.All);
        return new ScenarioFile(name, weeks, seed, picture, changes);
    }

    private static ScenarioFileException Wrong(string field, string code, string text) => new([new FieldError(field, code, text)]);
}
