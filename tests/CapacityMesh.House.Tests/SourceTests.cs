using System.Text.RegularExpressions;

namespace CapacityMesh.House.Tests;

// Goal: files and methods stay small, names say what a thing is. Method: the sources are read as text; a method is what stands between a signature and
// the brace of the same depth.
public sealed partial class SourceTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 60;

    [Fact]
    public void No_file_is_longer_than_four_hundred_lines() =>
        Assert.Empty(House.Sources.Where(f => File.ReadLines(f).Count() > FileLinesMax).Select(House.NameOf));

    [Fact]
    public void No_method_is_longer_than_sixty_lines() =>
        Assert.Empty(House.Sources.SelectMany(f => Methods(f).Where(m => m.Lines > MethodLinesMax).Select(m => $"{House.NameOf(f)}: {m.Name} has {m.Lines} lines")));

    [Fact]
    public void No_type_is_called_after_nothing_in_particular() =>
        Assert.Empty(House.Sources.SelectMany(f => Declaration().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value)
            .Where(name => Nothing().IsMatch(name)).Select(name => $"{House.NameOf(f)}: {name}")));

    [Fact]
    public void Every_file_of_the_core_and_the_runtime_has_a_file_scoped_namespace_and_one_idea_named_by_it()
    {
        foreach (var file in House.Files("src/CapacityMesh.Core", "*.cs").Concat(House.Files("src/CapacityMesh.Runtime", "*.cs")))
        {
            Assert.Contains(File.ReadLines(file), l => l.StartsWith("namespace CapacityMesh.", StringComparison.Ordinal) && l.EndsWith(';'));
        }
    }

    [Fact]
    public void The_ruler_measures_a_method_with_braces()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.cs");
        File.WriteAllText(path, "class A\n{\n    void One()\n    {\n        Go();\n        Go();\n    }\n\n    int Two(int x) => x switch\n    {\n        _ => 1,\n    };\n}\n");
        try
        {
            Assert.Equal([("void One()", 2), ("int Two(int x) => x switch", 1)], Methods(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static List<(string Name, int Lines)> Methods(string file)
    {
        var lines = File.ReadAllLines(file);
        var methods = new List<(string, int)>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (!Opening().IsMatch(lines[i])) continue;
            var indent = lines[i][..lines[i].IndexOf('{', StringComparison.Ordinal)];
            var signature = i - 1;
            while (signature > 0 && lines[signature].StartsWith(indent + " ", StringComparison.Ordinal)) signature--;
            var name = lines[signature].Trim();
            // Types, properties and blocks within a method are not methods.
            if (!name.Contains('(', StringComparison.Ordinal) || Declaration().IsMatch(name) || indent.Length is not (4 or 8) || Block().IsMatch(name)) continue;
            var end = Array.FindIndex(lines, i + 1, l => l.StartsWith(indent + "}", StringComparison.Ordinal));
            methods.Add((name, end - i - 1));
        }
        return methods;
    }

    [GeneratedRegex(@"^\s+\{$")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+(struct\s+|class\s+)?(?<name>[A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex("(Manager|Helper|Helpers|Utils|Util|Common|Base)$")]
    private static partial Regex Nothing();

    [GeneratedRegex(@"^(if|else|for|foreach|while|switch|using|lock|try|catch|finally)\b")]
    private static partial Regex Block();
}
