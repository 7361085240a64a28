namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>
/// Distinct keys that are listed in code-point order. Keys mostly come in rising order, so a sort is owed only after one that did not,
/// and is paid by the next list.
/// </summary>
internal sealed class OrderedKeys
{
    private readonly List<string> keys = [];
    private bool sorted = true;

    /// <summary>How many there are.</summary>
    public int Count => Sorted().Count;

    /// <summary>The key at a place of the order.</summary>
    public string this[int index] => Sorted()[index];

    /// <summary>Adds a key that is not there yet.</summary>
    public void Add(string key)
    {
        sorted = sorted && (keys.Count == 0 || CodePointOrder.Of(keys[^1], key) < 0);
        keys.Add(key);
    }

    /// <summary>Removes a key that is there.</summary>
    public void Remove(string key) => Sorted().RemoveAt(keys.BinarySearch(key, CodePointOrder.Instance));

    /// <summary>Place of the first key at or after the given one.</summary>
    public int IndexFrom(string key)
    {
        var index = Sorted().BinarySearch(key, CodePointOrder.Instance);
        return index < 0 ? ~index : index;
    }

    /// <summary>Place of the first key after the given one; the first of all when null.</summary>
    public int IndexAfter(string? key)
    {
        if (key is null) return 0;
        var index = Sorted().BinarySearch(key, CodePointOrder.Instance);
        return index < 0 ? ~index : index + 1;
    }

    private List<string> Sorted()
    {
        if (!sorted) keys.Sort(CodePointOrder.Instance);
        sorted = true;
        return keys;
    }
}
