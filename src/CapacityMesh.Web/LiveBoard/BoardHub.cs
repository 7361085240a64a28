using System.Collections.Concurrent;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Json;
using Microsoft.AspNetCore.SignalR;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>The board's socket: <c>Watch()</c> answers with a snapshot, then <c>delta</c> messages come by themselves.</summary>
internal sealed class BoardHub(BoardSockets sockets) : Hub
{
    /// <summary>The board as it is now, and from here on what changes. Called again, it begins anew.</summary>
    public Task<RawJson> Watch() => sockets.WatchAsync(Context.ConnectionId, CallerOf(Context).Workspace);

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        sockets.Close(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }

    private static Caller CallerOf(HubCallerContext context) =>
        context.GetHttpContext()?.Features.Get<Caller>() ?? throw new HubException("unauthorized");
}

/// <summary>Pumps each socket at its own pace, so that a slow one holds up nobody.</summary>
internal sealed class BoardSockets(Boards boards, IHubContext<BoardHub> hub)
{
    private readonly ConcurrentDictionary<string, (string Workspace, Subscriber Subscriber)> open = new(StringComparer.Ordinal);

    public Task<RawJson> WatchAsync(string connection, string workspace)
    {
        var socket = open.GetOrAdd(connection, id =>
        {
            var made = new Subscriber();
            _ = PumpAsync(id, made);
            return (workspace, made);
        });
        return boards.WatchAsync(workspace, socket.Subscriber);
    }

    public void Close(string connection)
    {
        if (open.TryRemove(connection, out var socket)) boards.Leave(socket.Workspace, socket.Subscriber);
    }

    private async Task PumpAsync(string connection, Subscriber subscriber)
    {
        await Task.Yield();
        await foreach (var delta in subscriber.Deltas.ReadAllAsync())
        {
            await hub.Clients.Client(connection).SendAsync("delta", delta);
            if (subscriber.TakeMissed() is { } missed) await hub.Clients.Client(connection).SendAsync("delta", missed);
        }
    }
}
