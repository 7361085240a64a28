using System.Net.Http.Headers;
using System.Text.Json;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>Fetches a Meta lead's answers by the Graph API.</summary>
internal sealed class MetaFetcher(PlatformDesk desk, CalloutClient client) : ILeadFetcher
{
    private const string Graph = "https://graph.facebook.com";
    private const string Version = "v26.0";
    private const string Fields = "id,created_time,ad_id,adset_id,campaign_id,campaign_name,form_id,is_organic,platform,field_data";
    private static readonly Dictionary<string, string[]> Usual = new()
    {
        ["name"] = ["full_name"], ["firstName"] = ["first_name"], ["lastName"] = ["last_name"], ["email"] = ["email", "work_email"],
        ["phone"] = ["phone_number", "phone", "work_phone_number"], ["company"] = ["company_name"],
    };

    public Platform Platform => Platform.Meta;

    /// <summary>Tells a repeat: leads of Meta are unique over all pages.</summary>
    public static string KeyOf(string leadgenId) => $"meta:{leadgenId}";

    public async Task FetchAsync(Connector connector, FetchJob job, CancellationToken cancel)
    {
        var address = $"{(connector.ApiBaseUrl ?? Graph).TrimEnd('/')}/{connector.Map("apiVersion") ?? Version}/{Uri.EscapeDataString(job.LeadId)}?fields={Fields}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        // In a header, since addresses end up in logs.
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", connector.Secret("accessToken") ?? throw new FetchFailedException("accessToken is not set"));
        using var document = FetchedJson.Parse(await client.SendAsync(request, cancel));
        var lead = document.RootElement;
        // An answer of 200 may still be an error.
        if (lead.Field("error").ValueKind is JsonValueKind.Object) throw new FetchFailedException($"Graph error {lead.Path("error.code").AsText()}");
        var sheet = await desk.SheetAsync(connector, Usual, cancel);
        foreach (var answer in lead.Field("field_data").Elements())
        {
            sheet.Add(answer.Field("name").AsText(), string.Join(", ", answer.Field("values").Elements().Select(v => v.AsText())));
        }
        sheet.Add("platform", lead.Field("platform").AsText());
        var campaign = connector.CampaignOf(lead.Field("campaign_id").AsText(), lead.Field("adset_id").AsText(), lead.Field("ad_id").AsText(), lead.Field("form_id").AsText());
        await desk.CaptureAsync(connector, sheet.ToLead(campaign, lead.Field("created_time").AsInstant(), TouchOf(job.LeadId), desk.Now), KeyOf(job.LeadId), job.LeadId, cancel);
    }

    // By which Meta will know the lead again.
    private static TouchBody TouchOf(string leadgenId) => new(null, null, null, null, null, null, null) { PlatformLead = leadgenId };
}
