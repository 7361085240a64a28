using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>A form on a page of one's own, posted by a browser.</summary>
internal sealed class FormCapture(PlatformDesk desk) : IEndpoints
{
    private const string Honeypot = "website";
    private const string Redirect = "_redirect";
    private const int FieldsMax = 100;
    private static readonly string[] OfTouch = ["gclid", "fbclid", "msclkid", "ttclid", "li_fat_id", "landingPage", "referrer", "visitor"];
    private static readonly string[] Ours = ["name", "firstName", "lastName", "email", "phone", "company", "message", "campaign"];
    private static readonly Dictionary<string, string[]> Usual = Ours.Concat(OfTouch).ToDictionary(n => n, n => new[] { n });

    public void Map(Routes routes) =>
        routes.Post("/v1/capture/form/{connector}", Access.Open, "An HTML form, urlencoded or multipart without files", PostAsync).Gives<string>().Refuses(400, 404, 413, 415);

    private async Task PostAsync(ApiCall call)
    {
        var connector = await desk.ConnectorAsync(call, Platform.Form);
        var form = await ReadAsync(call, connector);
        if (form[Honeypot].Any(v => !string.IsNullOrWhiteSpace(v)))
        {
            // A robot that is told so learns.
            desk.Counts.Count(connector, CaptureResult.Robot);
        }
        else
        {
            await desk.TakeAsync(connector, () => TakeAsync(call, connector, form));
        }
        await ReplyAsync(call, connector, form);
    }

    private async Task TakeAsync(ApiCall call, Connector connector, IFormCollection form)
    {
        var sheet = await desk.SheetAsync(connector, Usual, call.Cancel);
        foreach (var (field, values) in form.Where(f => f.Key != Honeypot && !f.Key.StartsWith('_'))) sheet.Add(field, string.Join(", ", values.ToArray()));
        var campaign = sheet.Take("campaign");
        var ours = campaign is null ? connector.CampaignOf() : connector.CampaignOf(campaign) is { } mapped && mapped != $"form:{campaign}" ? mapped : campaign;
        var touch = TouchOf(sheet, call.Http.Request.Headers.Referer.ToString());
        var lead = sheet.ToLead(ours, occurredAt: null, touch, desk.Now);
        var content = Signatures.NameOf(string.Join('\n', form.Where(f => !f.Key.StartsWith('_')).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key.Length}:{f.Key}={f.Value}")));
        // Without a key, the same fields in the same minute are a second click.
        var (key, hash) = call.IdempotencyKey is { } given ? ($"form:{connector.Id}:key:{given}", content) : ($"form:{connector.Id}:{content}:{desk.Now.ToUnixTimeSeconds() / 60}", "");
        await desk.CaptureAsync(connector, lead, key, platformLead: null, call.Cancel, hash);
    }

    private static TouchBody TouchOf(Answers sheet, string referer)
    {
        var page = sheet.Take("landingPage") ?? (referer.Length > 0 ? referer : null);
        return new TouchBody(Taken("gclid"), Taken("fbclid"), Taken("msclkid"), Taken("ttclid"), Taken("li_fat_id"), Answers.Cut(page, 2_000), Taken("referrer"), Taken("visitor"));

        string? Taken(string name) => Answers.Cut(sheet.Take(name), 2_000);
    }

    private async ValueTask<IFormCollection> ReadAsync(ApiCall call, Connector connector)
    {
        var request = call.Http.Request;
        if (!request.HasFormContentType) throw new ProblemException(new Problem(StatusCodes.Status415UnsupportedMediaType, "notAForm", "The body must be an HTML form."));
        if (request.ContentLength > BodyReader.BytesMax)
        {
            desk.Counts.Count(connector, CaptureResult.TooLarge);
            throw new ProblemException(Problem.TooLarge(BodyReader.BytesMax));
        }
        if (call.Http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = BodyReader.BytesMax;
        try
        {
            var form = await request.ReadFormAsync(
                new FormOptions
                {
                    // All of it stays in memory: it is small, and nothing of a person is left in a temporary file.
                    MemoryBufferThreshold = BodyReader.BytesMax, BufferBodyLengthLimit = BodyReader.BytesMax, MultipartBodyLengthLimit = BodyReader.BytesMax,
                    ValueCountLimit = FieldsMax, KeyLengthLimit = 500, ValueLengthLimit = BodyReader.BytesMax,
                },
                call.Cancel);
            return form.Files.All(f => f.Length == 0) ? form : throw desk.Malformed(connector, "", "A form may not carry files.");
        }
        catch (InvalidDataException)
        {
            throw desk.Malformed(connector, "", "The form cannot be read: at most 100 fields and 256 KiB.");
        }
    }

    private static async Task ReplyAsync(ApiCall call, Connector connector, IFormCollection form)
    {
        var response = call.Http.Response;
        if (form[Redirect] is [{ } to] && MayGoTo(connector, to))
        {
            response.StatusCode = StatusCodes.Status303SeeOther;
            response.Headers.Location = new Uri(to).AbsoluteUri;
            return;
        }
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Thank you</title><h1>Thank you</h1><p>Your message has arrived.</p></html>"u8.ToArray(), call.Cancel);
    }

    // Anywhere else, and our address would lend its good name to strangers.
    private static bool MayGoTo(Connector connector, string to) =>
        Uri.TryCreate(to, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0
        && (connector.Map("redirectHosts") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(host => host.Equals(url.Host, StringComparison.OrdinalIgnoreCase) || host.Equals(url.Authority, StringComparison.OrdinalIgnoreCase));
}
