using System.Globalization;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Brings a list to what one statement can write: each key once, in the order in which every writer takes them.</summary>
internal static class Fold
{
    /// <summary>The last of each key, by code point of the key.</summary>
    public static IReadOnlyList<T> Last<T>(IReadOnlyList<T> items, Func<T, string> key)
    {
        if (items.Count < 2) return items;
        var last = new SortedDictionary<string, T>(CodePointOrder.Instance);
        for (var i = 0; i < items.Count; i++) last[key(items[i])] = items[i];
        return [.. last.Values];
    }

    /// <summary>A key of two parts, different for different parts whatever they hold.</summary>
    public static string Key(string first, string second) => string.Create(CultureInfo.InvariantCulture, $"{first.Length}:{first}{second}");
}
