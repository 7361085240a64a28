using System.Text.Json;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>
/// Google Ads lead forms. Google reads three answers only: 200 <c>{}</c> is accepted, 4xx is final, 5xx comes again; so nothing transient may be a 4xx.
/// </summary>
internal sealed class GoogleCapture(PlatformDesk desk) : IEndpoints
{
    private static readonly Dictionary<string, string[]> Usual = new()
    {
        ["name"] = ["FULL_NAME"], ["firstName"] = ["FIRST_NAME"], ["lastName"] = ["LAST_NAME"], ["email"] = ["EMAIL", "WORK_EMAIL"],
        ["phone"] = ["PHONE_NUMBER", "WORK_PHONE"], ["company"] = ["COMPANY_NAME"],
    };

    /// <summary>Nothing to say.</summary>
    private sealed record Accepted;

    /// <summary>What went wrong, as Google documents it.</summary>
    private sealed record Refused(string Message);

    public void Map(Routes routes) =>
        routes.Post("/v1/capture/google/{connector}", Access.Open, "Google Ads lead form webhook", PostAsync).Takes<object>().Gives<object>().Refuses(400, 401, 404, 413);

    private async Task PostAsync(ApiCall call)
    {
        try
        {
            var connector = await desk.ConnectorAsync(call, Platform.Google);
            await desk.TakeAsync(connector, () => TakeAsync(call, connector));
            await call.ReplyAsync(new Accepted());
        }
        catch (ProblemException known)
        {
            await call.ReplyAsync(new Refused(known.Problem.Detail), known.Problem.Status);
        }
        catch (BadHttpRequestException bad)
        {
            await call.ReplyAsync(new Refused("The request cannot be read."), bad.StatusCode);
        }
    }

    private async Task TakeAsync(ApiCall call, Connector connector)
    {
        using var document = desk.Parse(connector, await desk.BytesAsync(call, connector, BodyReader.BytesMax));
        var body = document.RootElement;
        if (!connector.Holds("key", body.Field("google_key").AsText())) throw desk.Unauthenticated(connector, "The google_key is not this connector's.");
        if (body.Field("is_test").IsTrue())
        {
            desk.Counts.Count(connector, CaptureResult.Test);
            return;
        }
        var id = body.Field("lead_id").AsText() ?? throw desk.Malformed(connector, "lead_id", "The lead_id is missing.");
        var sheet = await desk.SheetAsync(connector, Usual, call.Cancel);
        foreach (var column in body.Field("user_column_data").Elements())
        {
            sheet.Add(column.Field("column_id").AsText() ?? column.Field("column_name").AsText(), column.Field("string_value").AsText());
        }
        var campaign = connector.CampaignOf(body.Field("campaign_id").AsText(), body.Field("form_id").AsText());
        var lead = sheet.ToLead(campaign, body.Field("lead_submit_time").AsInstant(), TouchOf(body), desk.Now);
        await desk.CaptureAsync(connector, lead, $"google:{connector.Id}:{Signatures.NameOf(id)}", id, call.Cancel);
    }

    private static TouchBody? TouchOf(JsonElement body) =>
        Answers.Cut(body.Field("gcl_id").AsText(), 2_000) is { } click ? new TouchBody(click, null, null, null, null, null, null) : null;
}
