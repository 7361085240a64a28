namespace CapacityMesh.Benchmarks;

/// <summary>What a contact would be the plain way.</summary>
public interface IPlainContact : IGrainWithStringKey
{
    /// <summary>Counts a signal; durable when this returns.</summary>
    Task<int> SignalAsync(string kind, int points);
}

/// <summary>What the plain grain keeps.</summary>
[GenerateSerializer]
public sealed class PlainContactState
{
    /// <summary>Signals so far.</summary>
    [Id(0)]
    public int Signals { get; set; }

    /// <summary>Their points.</summary>
    [Id(1)]
    public int Points { get; set; }

    /// <summary>The last one.</summary>
    [Id(2)]
    public string? Kind { get; set; }

    /// <summary>When it came.</summary>
    [Id(3)]
    public DateTimeOffset? LastSignalAt { get; set; }
}

/// <summary>One write of the whole state for each turn, as grain storage is meant to be used.</summary>
public sealed class PlainContact([PersistentState("contact")] IPersistentState<PlainContactState> state) : Grain, IPlainContact
{
    /// <inheritdoc/>
    public async Task<int> SignalAsync(string kind, int points)
    {
        var kept = state.State;
        (kept.Signals, kept.Points, kept.Kind, kept.LastSignalAt) = (kept.Signals + 1, kept.Points + points, kind, DateTimeOffset.UtcNow);
        await state.WriteStateAsync();
        return kept.Signals;
    }
}
