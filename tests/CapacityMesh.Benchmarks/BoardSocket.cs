using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace CapacityMesh.Benchmarks;

/// <summary>One open board, in the socket's own JSON protocol. Only the first reads what a message holds; the others note its number and when it came.</summary>
internal sealed class BoardSocket : IAsyncDisposable
{
    private const byte EndOfMessage = 0x1e;
    private const int AtOnce = 25;
    private static readonly byte[] SeqWord = "\"seq\":"u8.ToArray();
    // What each delta holds, by its number, as the first socket reads it.
    private static readonly ConcurrentDictionary<long, (string Person, int Number)[]> Contents = new();

    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<long, long> arrivals = new();
    private readonly bool reads;
    private Task pump = Task.CompletedTask;
    private long lastSeq = -1;
    private long bytes;

    private BoardSocket(bool reads) => this.reads = reads;

    public int Messages { get; private set; }

    public int Gaps { get; private set; }

    public double BytesMean => Messages == 0 ? 0 : (double)bytes / Messages;

    public static async Task<IReadOnlyList<BoardSocket>> OpenAsync(Uri address, string key, int count)
    {
        var all = new BoardSocket[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancel) =>
        {
            all[i] = new BoardSocket(reads: i == 0);
            await all[i].StartAsync(address, key, cancel);
        });
        return all;
    }

    /// <summary>Whether a message came that holds the change, or a later one of the same person.</summary>
    public bool Holds((string Person, int Number) change) =>
        Contents.Any(c => arrivals.ContainsKey(c.Key) && c.Value.Any(v => v.Person == change.Person && v.Number >= change.Number));

    /// <summary>From each commit to the first message here that holds it, or a later one of the same person; milliseconds.</summary>
    public IEnumerable<double> Delays(IReadOnlyDictionary<(string Person, int Number), long> commits)
    {
        var byPerson = Contents.SelectMany(c => c.Value.Select(v => (v.Person, v.Number, Seq: c.Key))).GroupBy(v => v.Person)
            .ToDictionary(g => g.Key, g => g.OrderBy(v => v.Seq).ToArray(), StringComparer.Ordinal);
        foreach (var ((person, number), at) in commits)
        {
            if (!byPerson.TryGetValue(person, out var seen)) continue;
            var first = Array.Find(seen, v => v.Number >= number);
            if (first.Person is not null && arrivals.TryGetValue(first.Seq, out var came)) yield return Stopwatch.GetElapsedTime(at, came).TotalMilliseconds;
        }
    }

    public async ValueTask DisposeAsync()
    {
        socket.Abort();
        await pump.ContinueWith(static _ => { }, TaskScheduler.Default);
        socket.Dispose();
    }

    private async Task StartAsync(Uri address, string key, CancellationToken cancel)
    {
        socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        await socket.ConnectAsync(new Uri($"ws://{address.Authority}/hubs/board"), cancel);
        await SendAsync("""{"protocol":"json","version":1}""", cancel);
        await SendAsync("""{"type":1,"invocationId":"1","target":"Watch","arguments":[]}""", cancel);
        var watched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pump = PumpAsync(watched);
        await watched.Task.WaitAsync(cancel);
    }

    private Task SendAsync(string text, CancellationToken cancel) => socket.SendAsync(Encoding.UTF8.GetBytes(text + (char)EndOfMessage), WebSocketMessageType.Text, true, cancel);

    private async Task PumpAsync(TaskCompletionSource watched)
    {
        var (buffer, filled) = (new byte[256 * 1024], 0);
        while (socket.State is WebSocketState.Open)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            filled += read.Count;
            var start = 0;
            for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf(EndOfMessage)) >= 0; start += end + 1) Hear(buffer.AsMemory(start, end), now, watched);
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    private void Hear(ReadOnlyMemory<byte> message, long now, TaskCompletionSource watched)
    {
        if (message.Span.StartsWith("{\"type\":3"u8)) watched.TrySetResult();
        if (!message.Span.StartsWith("{\"type\":1"u8)) return;
        var seq = SeqOf(message.Span);
        if (lastSeq >= 0 && seq != lastSeq + 1) Gaps++;
        lastSeq = seq;
        Messages++;
        bytes += message.Length;
        if (reads) Contents[seq] = Read(message);
        arrivals[seq] = now;
    }

    private static long SeqOf(ReadOnlySpan<byte> message)
    {
        var digits = message[(message.IndexOf(SeqWord) + SeqWord.Length)..];
        var seq = 0L;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            seq = (seq * 10) + (digit - '0');
        }
        return seq;
    }

    private static (string, int)[] Read(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message);
        return [.. json.RootElement.GetProperty("arguments")[0].GetProperty("cards").EnumerateObject()
            .Where(c => c.Name.StartsWith("person/", StringComparison.Ordinal) && c.Value.ValueKind is JsonValueKind.Object)
            .Select(c => (c.Value.GetProperty("id").GetString()!, (int)c.Value.GetProperty("weeklyCapacity").GetDecimal()))];
    }
}
