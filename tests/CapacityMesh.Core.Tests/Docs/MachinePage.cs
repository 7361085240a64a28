using System.Globalization;
using System.Reflection;
using System.Text;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Docs;

/// <summary>The generated part of a machine's page, from its lifecycle and its closed families.</summary>
internal static class MachinePage
{
    public const string Mark = "<!-- generated: below this line the page is written by the tests (CAPACITYMESH_UPDATE_DOCS=1) -->\n";

    public static string Of(Machine machine)
    {
        var page = new StringBuilder();
        page.Append("\n## Lifecycle\n\n```mermaid\n").Append(machine.Mermaid).Append("```\n\n| From | Event | To |\n| --- | --- | --- |\n");
        foreach (var group in machine.Moves.GroupBy(m => (m.Event, Stays: m.From == m.To, To: m.From == m.To ? "" : m.To)))
        {
            var phases = string.Join(", ", group.Select(m => m.From).Distinct());
            page.Append(CultureInfo.InvariantCulture, $"| {phases} | {group.Key.Event} | {(group.Key.Stays ? "stays" : group.Key.To)} |\n");
        }
        page.Append("\n## Rejections, in order of precedence\n\n| Code | Kind | Text |\n| --- | --- | --- |\n");
        foreach (var rejection in Fields<Rejection>(machine.Rejections))
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{rejection.Code}` | {rejection.Kind} | {rejection.Text} |\n");
        }
        page.Append("\n## Timers\n\n");
        if (machine.Timers is null) page.Append("None: nothing about it is due.\n");
        foreach (var name in machine.Timers is null ? [] : Fields<string>(machine.Timers)) page.Append(CultureInfo.InvariantCulture, $"- `{name}`\n");
        page.Append("\n## Commands\n\n");
        foreach (var command in Family(machine.Commands)) page.Append(CultureInfo.InvariantCulture, $"- {Signature(command)}\n");
        page.Append("\n## Events\n\n");
        foreach (var fact in Family(machine.Events)) page.Append(CultureInfo.InvariantCulture, $"- {Signature(fact)}\n");
        return page.ToString();
    }

    /// <summary>The sealed members of a closed family, in the order of the source.</summary>
    public static IEnumerable<Type> Family(Type family) => family.GetNestedTypes().Where(t => t.IsSealed).OrderBy(t => t.MetadataToken);

    // Declaration order: the source's order is the order of precedence.
    private static IEnumerable<T> Fields<T>(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(f => f.MetadataToken).Select(f => f.GetValue(null)).OfType<T>();

    private static string Signature(Type type)
    {
        var parameters = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First().GetParameters();
        return parameters.Length == 0 ? $"`{type.Name}`" : $"`{type.Name}({string.Join(", ", parameters.Select(p => p.Name))})`";
    }
}
