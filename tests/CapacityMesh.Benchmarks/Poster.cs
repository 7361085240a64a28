using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// Posts JSON over one connection, a request at a time. A client for browsers and services costs more than the server that is measured here, on the same
/// processors: this one sends what it must and looks at what decides whether the answer counts, the status and the end of the body.
/// </summary>
internal sealed class Poster : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] outgoing = new byte[4 * 1024];
    private readonly byte[] incoming = new byte[16 * 1024];
    private readonly string head;

    public Poster(Uri server, string path, string key)
    {
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
        head = $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: ";
    }

    /// <summary>Posts, and returns when the whole answer is here; throws unless it is a success with a body.</summary>
    public async ValueTask PostAsync(string body)
    {
        var length = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}{body.Length}\r\n\r\n{body}"), outgoing);
        await socket.SendAsync(outgoing.AsMemory(0, length));
        for (var filled = 0; ;)
        {
            var received = await socket.ReceiveAsync(incoming.AsMemory(filled));
            filled += received;
            if (IsWhole(incoming.AsSpan(0, filled))) return;
            if (received == 0 || filled == incoming.Length) throw new InvalidOperationException("The answer ended early, or does not end.");
        }
    }

    public void Dispose() => socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        if (!answer.StartsWith("HTTP/1.1 20"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
        var header = answer[..(end + 2)];
        var body = answer[(end + 4)..];
        if (header.IndexOf("Transfer-Encoding: chunked\r\n"u8) >= 0) return body.Length > 5 && body.EndsWith("\r\n0\r\n\r\n"u8);
        var at = header.IndexOf("Content-Length: "u8);
        if (at < 0) throw new InvalidOperationException("The answer has no length.");
        var digits = header[(at + "Content-Length: "u8.Length)..];
        var length = int.Parse(digits[..digits.IndexOf("\r\n"u8)], CultureInfo.InvariantCulture);
        if (length == 0) throw new InvalidOperationException("The answer is empty.");
        return body.Length >= length;
    }
}
