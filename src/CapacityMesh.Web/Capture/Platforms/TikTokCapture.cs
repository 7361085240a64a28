using System.Globalization;
using System.Text;
using System.Text.Json;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>
/// TikTok lead generation; experimental: the names of a lead's fields are not documented, so the connector's map says where each stands, as names
/// joined by dots (<c>"email":"user.contact.email"</c>), within <c>content</c>.
/// </summary>
internal sealed class TikTokCapture(PlatformDesk desk, TimeProvider time) : IEndpoints
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(5);
    private static readonly string[] Ours = ["name", "firstName", "lastName", "email", "phone", "company", "message"];
    private static readonly Dictionary<string, string[]> Usual = Ours.ToDictionary(n => n, n => new[] { $"our:{n}" });

    public void Map(Routes routes) =>
        routes.Post("/v1/capture/tiktok/{connector}", Access.Open, "TikTok lead webhook; experimental", PostAsync).Takes<object>().GivesNothing(StatusCodes.Status200OK).Refuses(400, 401, 404, 413);

    private async Task PostAsync(ApiCall call)
    {
        var connector = await desk.ConnectorAsync(call, Platform.TikTok);
        await desk.TakeAsync(connector, () => TakeAsync(call, connector));
    }

    private async Task TakeAsync(ApiCall call, Connector connector)
    {
        var bytes = await desk.BytesAsync(call, connector, BodyReader.BytesMax);
        CheckSignature(connector, call.Http.Request.Headers["tiktok-signature"].ToString(), bytes);
        using var outer = desk.Parse(connector, bytes);
        var content = outer.RootElement.Field("content");
        // Documented as JSON within a text; an object is taken as it is.
        using var inner = content.ValueKind is JsonValueKind.String ? desk.Parse(connector, Encoding.UTF8.GetBytes(content.AsText() ?? "")) : null;
        await TakeAsync(call, connector, inner?.RootElement ?? content);
    }

    private async Task TakeAsync(ApiCall call, Connector connector, JsonElement content)
    {
        var sheet = await desk.SheetAsync(connector, Usual, call.Cancel);
        foreach (var ours in Ours) sheet.Add($"our:{ours}", At(ours).AsText());
        var id = At("leadId").AsText() ?? content.GetRawText();
        var lead = sheet.ToLead(connector.CampaignOf(At("campaign").AsText()), At("occurredAt").AsInstant(), touch: null, desk.Now);
        await desk.CaptureAsync(connector, lead, $"tiktok:{connector.Id}:{Signatures.NameOf(id)}", id, call.Cancel);

        JsonElement At(string ours) => content.Path(connector.Map(ours) ?? ours);
    }

    private void CheckSignature(Connector connector, string header, byte[] bytes)
    {
        var parts = header.Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).DistinctBy(p => p[0]).ToDictionary(p => p[0], p => p[1]);
        if (parts.TryGetValue("t", out var stamp) && parts.TryGetValue("s", out var signature)
            && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - at) <= AgeMax.TotalSeconds
            && Signatures.Verify(connector.Secret("clientSecret"), signature, Encoding.ASCII.GetBytes($"{stamp}."), bytes)) return;
        throw desk.Unauthenticated(connector, "tiktok-signature is not t=<Unix seconds of the last 5 minutes>,s=<HMAC-SHA256 of t.body under the client secret>.");
    }
}
