namespace CapacityMesh.Runtime.Journal;

/// <summary>The store was written by a newer release, whose data this one would not understand. Nothing was changed in it.</summary>
/// <param name="found">Version of the schema in the store.</param>
/// <param name="known">Newest version that this release knows.</param>
public sealed class JournalSchemaException(long found, long known)
    : Exception($"The data has schema version {found}; this release knows up to {known}. Start the release that wrote it, or a newer one.")
{
    /// <summary>Version of the schema in the store.</summary>
    public long Found { get; } = found;

    /// <summary>Newest version that this release knows.</summary>
    public long Known { get; } = known;
}
