using System.Net;
using System.Net.Sockets;

namespace CapacityMesh.Testing;

/// <summary>
/// Ports to listen on that nobody has. They lie below those from which systems give callers a port of their own (32768 on Linux, 49152 elsewhere): a caller that
/// tries again and again while a server is away may be given the server's port, talk to itself, and keep the server from coming back.
/// </summary>
public static class FreePorts
{
    private const int First = 15_000;
    private const int End = 32_000;
    private const int TriesMax = 1_000;

    /// <summary>One port.</summary>
    public static int Take() => Take(1)[0];

    /// <summary>Some ports, all at once, so that none is given twice.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            for (var tries = 0; listeners.Count < count; tries++)
            {
                var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, End));
                try
                {
                    listener.Start();
                    listeners.Add(listener);
                }
                catch (SocketException) when (tries < TriesMax)
                {
                    listener.Dispose();
                }
            }
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }
}
