namespace CapacityMesh.Host.LoadTesting;

/// <summary>What is sent, to whom, and how fast.</summary>
/// <param name="Url">The server.</param>
/// <param name="Key">A key with the role capture.</param>
/// <param name="Rate">Leads a second, fixed ahead; null sends as fast as the connections allow.</param>
/// <param name="Connections">Connections, 1 to 1,024.</param>
/// <param name="For">How long arrivals go on.</param>
internal sealed record LoadPlan(Uri Url, string Key, double? Rate, int Connections, TimeSpan For)
{
    /// <summary>Whether people work, scripts poll and boards watch meanwhile, and one capture in ten is a repeat. Needs an operator's key.</summary>
    public bool Mixed { get; init; }

    /// <summary>Whether the laws are checked at the end.</summary>
    public bool Soak { get; init; }

    /// <summary>Scripts that poll the spend table.</summary>
    public int Pollers { get; init; } = 4;

    /// <summary>Boards that watch.</summary>
    public int Boards { get; init; } = 20;

    /// <summary>Which lead an arrival sends: its own, or again that of a little while ago.</summary>
    public long LeadOf(long arrival) => Mixed && arrival % 10 == 9 ? arrival - 7 : arrival;

    /// <summary>Leads to send in all; no more than memory of their schedule would be worth.</summary>
    public long ArrivalsMax => Rate is { } rate ? Math.Max(1, (long)(rate * For.TotalSeconds)) : long.MaxValue;

    /// <summary>When an arrival is due, from the start. It does not move when the server is slow: a stall counts against the server.</summary>
    public TimeSpan DueOf(long arrival) => Rate is { } rate ? TimeSpan.FromSeconds(arrival / rate) : TimeSpan.Zero;
}
