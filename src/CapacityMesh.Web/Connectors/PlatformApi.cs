using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using CapacityMesh.Web.Callouts;
using Polly;
using Polly.Retry;

namespace CapacityMesh.Web.Connectors;

/// <summary>
/// Calls platforms in a connector's name: with its token, renewed when it is no longer accepted; reads are repeated at once when the platform stumbles,
/// writes never; and while a platform asks for quiet nobody calls it.
/// </summary>
internal sealed class PlatformApi(CalloutClient client, PlatformTokens tokens, WebOptions options, TimeProvider time)
{
    private const int ReadsAgainMax = 2;
    private const int QuietMax = 10_000;
    // What is throttled without a word on how long.
    private static readonly TimeSpan QuietUsually = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> quietUntil = new(StringComparer.Ordinal);

    private readonly ResiliencePipeline<PlatformReply> stumbles = new ResiliencePipelineBuilder<PlatformReply> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<PlatformReply>
        {
            MaxRetryAttempts = ReadsAgainMax,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.CalloutRetryAfter / 2,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { Result: CallResult.Unavailable, RetryAfter: null }),
        }).Build();

    /// <summary>Until when a connector's platform asked for quiet; null when it did not.</summary>
    public DateTimeOffset? QuietUntil(string connector) => quietUntil.TryGetValue(connector, out var until) && until > time.GetUtcNow() ? until : null;

    /// <summary>Calls; whatever happens has a result.</summary>
    public async Task<PlatformReply> SendAsync(Connector connector, PlatformCall call, CancellationToken cancel)
    {
        if (QuietUntil(connector.Id) is { } quiet) return new PlatformReply(CallResult.Throttled, Code: "quiet", RetryAfter: quiet - time.GetUtcNow());
        var reply = call.IsRead ? await stumbles.ExecuteAsync(async c => await AuthorizedAsync(connector, call, c), cancel) : await AuthorizedAsync(connector, call, cancel);
        if (reply is { Result: CallResult.Throttled, ForAll: true }) BeQuiet(connector.Id, reply.RetryAfter ?? QuietUsually);
        return reply;
    }

    private void BeQuiet(string connector, TimeSpan lasts)
    {
        if (quietUntil.Count >= QuietMax) quietUntil.Clear();
        quietUntil[connector] = time.GetUtcNow() + lasts;
    }

    private async Task<PlatformReply> AuthorizedAsync(Connector connector, PlatformCall call, CancellationToken cancel)
    {
        var token = await tokens.OfAsync(connector, refused: null, cancel);
        if (token.Value is not { } first) return token.Fault!;
        var reply = await OnceAsync(connector, call, first, cancel);
        if (reply.Result is not CallResult.Unauthorized) return reply;
        // Tokens end before their time: once more with another, if there is another.
        token = await tokens.OfAsync(connector, refused: first, cancel);
        return token.Value is { } second && second != first ? await OnceAsync(connector, call, second, cancel) : token.Fault ?? reply;
    }

    private async Task<PlatformReply> OnceAsync(Connector connector, PlatformCall call, string token, CancellationToken cancel)
    {
        using var request = RequestOf(call);
        if (connector.Platform is Platform.TikTok) request.Headers.Add("Access-Token", token);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await SendAsync(client, connector.Platform, request, call.IsRead, cancel);
    }

    /// <summary>Sends a request and tells what came of it.</summary>
    public static async Task<PlatformReply> SendAsync(CalloutClient client, Platform platform, HttpRequestMessage request, bool isRead, CancellationToken cancel)
    {
        try
        {
            return PlatformVerdicts.Of(platform, await client.SendAsync(request, cancel));
        }
        catch (TimeoutException)
        {
            return new PlatformReply(CallResult.Uncertain, Code: "noAnswer");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            var refused = (fault as CalloutRefusedException) ?? fault.InnerException as CalloutRefusedException;
            if (refused is not null) return new PlatformReply(CallResult.Refused, Code: "addressNotAllowed");
            return new PlatformReply(isRead ? CallResult.Unavailable : CallResult.Uncertain, Code: "noConnection");
        }
    }

    private static HttpRequestMessage RequestOf(PlatformCall call)
    {
        var request = new HttpRequestMessage(call.Method, call.Address);
        if (call.Json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(call.Json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        else if (call.Form is not null)
        {
            request.Content = new FormUrlEncodedContent(call.Form);
        }
        foreach (var (name, value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
