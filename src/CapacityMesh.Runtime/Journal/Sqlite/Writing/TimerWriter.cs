using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Consumes, clears and sets timers.</summary>
internal sealed class TimerWriter(Database database) : IDisposable
{
    private readonly Statement consume = database.Prepare("DELETE FROM timers WHERE entity = ?1 AND name = ?2 AND due = ?3");
    private readonly Statement clear = database.Prepare("DELETE FROM timers WHERE entity = ?1 AND name = ?2");
    private readonly Statement set = database.Prepare(
        "INSERT INTO timers (entity, name, due) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET due = excluded.due WHERE due <> excluded.due");

    /// <summary>Consumes; names the timers that are not there with their due time.</summary>
    public void Consume(CommitBatch batch, Conflicts conflicts)
    {
        foreach (var timer in batch.TimersConsumed)
        {
            if (consume.Bind(1, timer.Entity).Bind(2, timer.Name).Bind(3, timer.Due).Run() == 0) conflicts.Add(timer);
        }
    }

    /// <summary>Clears, then sets.</summary>
    public void Write(CommitBatch batch)
    {
        foreach (var timer in batch.TimersCleared) clear.Bind(1, timer.Entity).Bind(2, timer.Name).Run();
        foreach (var timer in batch.TimersSet) set.Bind(1, timer.Entity).Bind(2, timer.Name).Bind(3, timer.Due).Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        consume.Dispose();
        clear.Dispose();
        set.Dispose();
    }
}
