using System.Collections.Concurrent;
using System.Net;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Auth;

/// <summary>Slows down guessing: so many failed logins from one address, then a pause.</summary>
internal sealed class LoginGuard(TimeProvider clock)
{
    private const int FailuresMax = 10;
    private const int AddressesMax = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<IPAddress, (int Failures, long Since)> failures = new();

    /// <summary>Refuses when this address failed too often.</summary>
    public void Check(IPAddress? address)
    {
        if (!failures.TryGetValue(address ?? IPAddress.None, out var seen)) return;
        var left = Window - clock.GetElapsedTime(seen.Since);
        if (left <= TimeSpan.Zero) failures.TryRemove(address ?? IPAddress.None, out _);
        else if (seen.Failures >= FailuresMax) throw new ProblemException(Problem.TooMany("Too many failed logins from this address.", left));
    }

    /// <summary>Notes a failure.</summary>
    public void NoteFailure(IPAddress? address)
    {
        if (failures.Count >= AddressesMax) failures.Clear();
        failures.AddOrUpdate(
            address ?? IPAddress.None, (1, clock.GetTimestamp()),
            (_, seen) => clock.GetElapsedTime(seen.Since) > Window ? (1, clock.GetTimestamp()) : (seen.Failures + 1, seen.Since));
    }
}
