using System.Runtime.CompilerServices;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Docs;

// Goal: the pages under docs/machines say what the machines do. Method: the part below the mark is generated and compared; CAPACITYMESH_UPDATE_DOCS=1 rewrites it.
public sealed class MachinePageTests
{
    public static TheoryData<string> Machines => [.. Machine.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Machines))]
    public void The_page_of_a_machine_is_up_to_date(string name)
    {
        var path = Path.Combine(Root(), "docs", "machines", $"{name}.md");
        var page = File.ReadAllText(path);
        var mark = page.IndexOf(MachinePage.Mark, StringComparison.Ordinal);
        Assert.True(mark > 0, $"{path} has no mark for its generated part");
        var wanted = page[..mark] + MachinePage.Mark + MachinePage.Of(Machine.All.First(m => m.Name == name));
        if (Environment.GetEnvironmentVariable("CAPACITYMESH_UPDATE_DOCS") == "1") File.WriteAllText(path, wanted);
        else Assert.Equal(wanted, page);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_event_of_a_machine_stands_in_its_lifecycle_and_no_other(string name)
    {
        var machine = Machine.All.First(m => m.Name == name);
        var told = machine.Moves.Select(m => m.Event).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(MachinePage.Family(machine.Events).Select(t => t.Name).Order(StringComparer.Ordinal), told);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_move_of_a_lifecycle_stands_there_once(string name)
    {
        var moves = Machine.All.First(m => m.Name == name).Moves;
        Assert.Equal(moves.Distinct(), moves);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
