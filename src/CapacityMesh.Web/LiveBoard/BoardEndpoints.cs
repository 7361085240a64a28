using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>The board without a socket: once, or as server-sent events.</summary>
internal sealed class BoardEndpoints(Boards boards) : IEndpoints
{
    // Proxies close what is silent for a minute.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    public void Map(Routes routes)
    {
        routes.Get("/v1/board", Access.Operator, "The board as it is now", SnapshotAsync).Gives<BoardSnapshot>();
        routes.Get("/v1/events", Access.Operator, "The board as server-sent events: snapshot, then delta", EventsAsync).Gives<string>();
    }

    private async Task SnapshotAsync(ApiCall call) => await call.ReplyAsync(await boards.WatchAsync(call.Workspace, null));

    private async Task EventsAsync(ApiCall call)
    {
        var subscriber = new Subscriber();
        try
        {
            var snapshot = await boards.WatchAsync(call.Workspace, subscriber);
            call.Http.Response.ContentType = "text/event-stream";
            call.Http.Response.Headers.CacheControl = "no-store";
            await SendAsync(call, "snapshot", snapshot);
            while (true)
            {
                if (subscriber.IsBehind) await SendAsync(call, "snapshot", await boards.WatchAsync(call.Workspace, subscriber));
                if (await NextAsync(call, subscriber)) while (!subscriber.IsBehind && subscriber.Deltas.TryRead(out var delta)) await SendAsync(call, "delta", delta);
                else await CommentAsync(call);
            }
        }
        finally
        {
            boards.Leave(call.Workspace, subscriber);
        }
    }

    // True when there is something to send, false after so much silence.
    private static async Task<bool> NextAsync(ApiCall call, Subscriber subscriber)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel);
        silence.CancelAfter(SilenceMax);
        try
        {
            return await subscriber.Deltas.WaitToReadAsync(silence.Token);
        }
        catch (OperationCanceledException) when (!call.Cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task SendAsync(ApiCall call, string kind, RawJson data)
    {
        var body = call.Http.Response.BodyWriter;
        await body.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"event: {kind}\ndata: "), call.Cancel);
        await body.WriteAsync(data.Utf8, call.Cancel);
        await body.WriteAsync("\n\n"u8.ToArray(), call.Cancel);
    }

    private static async Task CommentAsync(ApiCall call) => await call.Http.Response.BodyWriter.WriteAsync(": still here\n\n"u8.ToArray(), call.Cancel);
}
