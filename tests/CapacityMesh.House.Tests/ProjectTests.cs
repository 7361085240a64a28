using System.Xml.Linq;

namespace CapacityMesh.House.Tests;

// Goal: dependencies point one way, and the core knows nothing. Method: the project files are read and compared with the order of the house.
public sealed class ProjectTests
{
    // Each project may know those that stand on a lower floor.
    private static readonly Dictionary<string, int> Floors = new(StringComparer.Ordinal)
    {
        ["CapacityMesh.Core"] = 0,
        ["CapacityMesh.Runtime"] = 1,
        ["CapacityMesh.Cluster"] = 2,
        ["CapacityMesh.Simulation"] = 2,
        ["CapacityMesh.Web"] = 3,
        ["CapacityMesh.Host"] = 4,
        ["CapacityMesh.Silo"] = 4,
    };

    private static IEnumerable<string> Projects => House.Files("src", "*.csproj");

    [Fact]
    public void Every_project_has_its_floor_and_knows_only_lower_ones()
    {
        foreach (var project in Projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Assert.True(Floors.ContainsKey(name), $"{name} has no floor in the house");
            foreach (var reference in References(project, "ProjectReference"))
            {
                var known = Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
                Assert.True(Floors[known] < Floors[name], $"{name} must not know {known}");
            }
        }
    }

    [Fact]
    public void The_core_depends_on_nothing()
    {
        var core = XDocument.Load(Projects.Single(p => Path.GetFileNameWithoutExtension(p) == "CapacityMesh.Core"));
        Assert.Empty(core.Descendants("ProjectReference"));
        Assert.Empty(core.Descendants("FrameworkReference"));
        // An analyzer is no dependency.
        Assert.All(core.Descendants("PackageReference"), p => Assert.Equal("all", p.Attribute("PrivateAssets")?.Value));
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_place() =>
        Assert.All(House.Files("src", "*.csproj").Concat(House.Files("tests", "*.csproj")), project =>
            Assert.DoesNotContain(XDocument.Load(project).Descendants("PackageReference"), p => p.Attribute("Version") is not null));

    [Fact]
    public void Every_project_stands_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(House.Root, "CapacityMesh.sln")).Replace('\\', '/');
        foreach (var project in Projects.Concat(House.Files("tests", "*.csproj"))) Assert.Contains(House.NameOf(project), solution, StringComparison.Ordinal);
    }

    private static IEnumerable<string> References(string project, string kind) => XDocument.Load(project).Descendants(kind).Select(r => r.Attribute("Include")!.Value);
}
