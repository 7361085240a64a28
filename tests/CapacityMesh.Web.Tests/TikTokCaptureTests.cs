using System.Globalization;
using System.Net;
using System.Text.Json;

namespace CapacityMesh.Web.Tests;

// Goal: TikTok's signed content, JSON within JSON, is read where the map says. Method: bodies of the generic webhook form, signed independently.
public sealed class TikTokCaptureTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;
    private HttpClient tikTok = null!;
    private string path = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync();
        admin = server.Client();
        tikTok = server.Client(key: null);
        path = await admin.ConnectorAsync("""{"platform":"tiktok","secrets":{"clientSecret":"client"},"map":{"leadId":"lead.id","email":"lead.fields.0.value","campaign":"campaign_id"},"campaigns":{"12":"spring"}}""");
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        tikTok.Dispose();
        await server.DisposeAsync();
    }

    private Task<HttpResponseMessage> Post(string content, string secret = "client", double minutesAgo = 0)
    {
        var body = $$"""{"client_key":"k","event":"lead","create_time":1,"content":{{JsonSerializer.Serialize(content)}}}""";
        var stamp = DateTimeOffset.UtcNow.AddMinutes(-minutesAgo).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return tikTok.PostSigned(path, body, "tiktok-signature", $"t={stamp},s={PlatformCalls.HmacHex(secret, $"{stamp}.{body}")}");
    }

    private const string Content = """{"campaign_id":12,"lead":{"id":77,"fields":[{"value":"tia@example.com"}]}}""";

    [Fact]
    public async Task A_lead_is_read_where_the_map_says_and_once()
    {
        Assert.Equal(HttpStatusCode.OK, (await Post(Content)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Post(Content)).StatusCode);
        Assert.Equal("spring", Assert.Single(await admin.LeadsAsync(1)).Text("campaign"));
        await admin.UntilCounted("tiktok", "repeated", 1);
    }

    [Fact]
    public async Task Wrong_old_and_broken_is_refused()
    {
        await Post(Content, "guess").Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await Post(Content, minutesAgo: 6).Problem(HttpStatusCode.Unauthorized, "signatureWrong");
        await Post(Content[..20]).Problem(HttpStatusCode.BadRequest, "malformed");
        await Post("""{"lead":{"id":1}}""").Problem(HttpStatusCode.BadRequest, "contactRequired");
        Assert.Empty(await admin.LeadsAsync(0));
    }
}
