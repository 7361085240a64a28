namespace CapacityMesh.Runtime.Journal;

/// <summary>
/// The store failed: disk full, an I/O error, a connection lost. A batch under way may or may not have been written, so its caller reloads what it
/// wrote. The journal itself recovers: the next call opens the store anew.
/// </summary>
/// <param name="reason">What the store said; holds no stored value.</param>
/// <param name="inner">The cause, if it was an exception.</param>
public sealed class JournalUnavailableException(string reason, Exception? inner = null) : IOException($"The journal is not available: {reason}", inner);
