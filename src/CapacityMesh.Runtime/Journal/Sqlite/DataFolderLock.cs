namespace CapacityMesh.Runtime.Journal.Sqlite;

/// <summary>
/// Holds a data folder for one journal. The operating system lets go of it when the process ends, however it ends, so nothing stale can stay behind.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private const string FileName = "journal.lock";
    private readonly FileStream file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalInUseException">Somebody has it.</exception>
    /// <exception cref="JournalUnavailableException">The folder cannot be written.</exception>
    public DataFolderLock(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or DirectoryNotFoundException or PathTooLongException)
        {
            throw new JournalUnavailableException($"The data folder '{folder}' cannot be written.", fault);
        }
        catch (IOException fault) when (File.Exists(path))
        {
            throw new JournalInUseException(folder, fault);
        }
        catch (IOException fault)
        {
            throw new JournalUnavailableException($"The data folder '{folder}' cannot be written.", fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
