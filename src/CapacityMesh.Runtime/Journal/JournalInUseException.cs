namespace CapacityMesh.Runtime.Journal;

/// <summary>Another process, or another journal of this one, has the data folder open. Two servers on one machine need PostgreSQL or two folders.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="inner">What the lock said.</param>
public sealed class JournalInUseException(string folder, Exception? inner = null)
    : IOException($"The data folder '{folder}' is in use by another process. Stop that one, choose another folder, or use PostgreSQL for several processes.", inner);
