namespace CapacityMesh.Runtime.Journal;

/// <summary>The store failed (disk full, input/output error, connection lost). Whether the last batch was written is not known.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Waiting does not help: the store answered, and a name, a password, a right or its version is wrong.</summary>
    public bool IsRefusal { get; init; }
}
