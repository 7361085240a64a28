using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace CapacityMesh.Web.Callouts;

/// <summary>The host resolves to addresses that we do not call.</summary>
internal sealed class CalloutRefusedException() : IOException("The host resolves to loopback, private or link-local addresses only.");

/// <summary>What a call brought.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body; empty when it was larger than allowed.</param>
/// <param name="IsCut">The body was larger than allowed.</param>
/// <param name="RetryAfter">When the other side wants to be called again.</param>
internal sealed record CalloutReply(int Status, byte[] Body, bool IsCut, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300 && !IsCut;
}

/// <summary>The one client for calls to addresses that users name: guarded at connect time, no redirects, no proxy, no cookies, bounded in time and size.</summary>
internal sealed class CalloutClient : IDisposable
{
    // A lead with every field at its limit, twice.
    private const int ReplyBytesMax = 256 * 1024;
    private const int ConnectionsPerHostMax = 32;
    private readonly HttpClient http;
    private readonly CalloutRules rules;
    private readonly WebOptions options;
    private readonly TimeProvider time;

    public CalloutClient(CalloutRules rules, WebOptions options, TimeProvider time)
    {
        this.rules = rules;
        this.options = options;
        this.time = time;
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = ConnectAsync, MaxConnectionsPerServer = ConnectionsPerHostMax,
            ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("CapacityMesh", "1"));
    }

    /// <summary>Sends a request and reads the reply.</summary>
    /// <exception cref="HttpRequestException">No connection, or it broke; a refusal by the rules stands within.</exception>
    /// <exception cref="TimeoutException">No reply in time.</exception>
    public async Task<CalloutReply> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.CalloutTimeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await ReadAsync(response, limit.Token);
            return new CalloutReply((int)response.StatusCode, body ?? [], body is null, RetryAfterOf(response.Headers));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("No reply in time.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // Seconds, or a date: by the other side's clock, which says in the same answer what it shows, for ours may go wrong.
    private TimeSpan? RetryAfterOf(HttpResponseHeaders headers)
    {
        if (headers.RetryAfter?.Date is not { } until) return headers.RetryAfter?.Delta;
        var left = until - (headers.Date ?? time.GetUtcNow());
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > ReplyBytesMax) return null;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            if (body.Length + count > ReplyBytesMax) return null;
            body.Write(buffer, 0, count);
        }
        return body.ToArray();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        IPAddress[] allowed = [.. addresses.Where(rules.Allows)];
        if (allowed.Length == 0) throw new CalloutRefusedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The very addresses that were checked: resolving again could bring others.
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
