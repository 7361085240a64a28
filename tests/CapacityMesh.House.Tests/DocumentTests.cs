using System.Globalization;
using System.Text.RegularExpressions;

namespace CapacityMesh.House.Tests;

// Goal: pages can be found and followed. Method: the Markdown files are read as text.
public sealed partial class DocumentTests
{
    private static IEnumerable<string> Pages => House.Files("docs", "*.md");

    [Fact]
    public void Every_page_has_one_title() => Assert.Empty(Pages.Where(p => Titles(p).Count != 1).Select(House.NameOf));

    [Fact]
    public void Every_link_to_another_page_leads_somewhere()
    {
        var broken = from page in Pages
                     from Match link in Link().Matches(File.ReadAllText(page))
                     let target = link.Groups["to"].Value
                     where !File.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                     select $"{House.NameOf(page)} -> {target}";
        Assert.Empty(broken);
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps()
    {
        var names = House.Files("docs/decisions", "*.md").Select(p => Path.GetFileName(p)!).Where(n => !n.Equals("README.md", StringComparison.OrdinalIgnoreCase)).ToArray();
        Assert.All(names, n => Assert.Matches(@"^\d{4}-[a-z0-9-]+\.md$", n));
        Assert.Equal(Enumerable.Range(1, names.Length), names.Select(n => int.Parse(n[..4], CultureInfo.InvariantCulture)));
    }

    private static List<string> Titles(string page)
    {
        var (titles, code) = (new List<string>(), false);
        foreach (var line in File.ReadLines(page))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) code = !code;
            else if (!code && line.StartsWith("# ", StringComparison.Ordinal)) titles.Add(line);
        }
        return titles;
    }

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<to>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
