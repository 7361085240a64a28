using System.Net.Http.Headers;
using System.Text.Json;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>Fetches a LinkedIn form response. Answers are known by question id or name: the connector's map says which is which.</summary>
internal sealed class LinkedInFetcher(PlatformDesk desk, CalloutClient client, LeadRetraction retraction) : ILeadFetcher
{
    private const string Api = "https://api.linkedin.com";
    private const string Version = "202610";
    private static readonly Dictionary<string, string[]> Usual = new()
    {
        ["name"] = ["FULL_NAME", "fullName"], ["firstName"] = ["FIRST_NAME", "firstName"], ["lastName"] = ["LAST_NAME", "lastName"],
        ["email"] = ["EMAIL", "emailAddress", "email", "WORK_EMAIL", "workEmail"], ["phone"] = ["PHONE_NUMBER", "phoneNumber", "phone", "WORK_PHONE_NUMBER"],
        ["company"] = ["COMPANY_NAME", "companyName", "company"],
    };

    public Platform Platform => Platform.LinkedIn;

    /// <summary>The id at the end of a URN.</summary>
    public static string IdOf(string urn) => urn[(urn.LastIndexOf(':') + 1)..];

    /// <summary>Tells a repeat.</summary>
    public static string KeyOf(Connector connector, string id) => $"linkedin:{connector.Id}:{Signatures.NameOf(id)}";

    public async Task FetchAsync(Connector connector, FetchJob job, CancellationToken cancel)
    {
        if (!job.IsRetraction && !await retraction.IsNotedAsync(connector, job.LeadId, cancel)) await CaptureAsync(connector, job.LeadId, cancel);
        if (await retraction.IsNotedAsync(connector, job.LeadId, cancel)) await retraction.RetractAsync(connector, job.LeadId, cancel);
    }

    private async Task CaptureAsync(Connector connector, string id, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{(connector.ApiBaseUrl ?? Api).TrimEnd('/')}/rest/leadFormResponses/{Uri.EscapeDataString(id)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", connector.Secret("accessToken") ?? throw new FetchFailedException("accessToken is not set"));
        request.Headers.Add("Linkedin-Version", connector.Map("apiVersion") ?? Version);
        request.Headers.Add("X-Restli-Protocol-Version", "2.0.0");
        using var document = FetchedJson.Parse(await client.SendAsync(request, cancel));
        var response = document.RootElement;
        if (response.Field("testLead").IsTrue())
        {
            desk.Counts.Count(connector, CaptureResult.Test);
            return;
        }
        var sheet = await desk.SheetAsync(connector, Usual, cancel);
        var form = response.Field("formResponse").ValueKind is JsonValueKind.Object ? response.Field("formResponse") : response;
        foreach (var answer in form.Field("answers").Elements()) AddAnswer(sheet, answer);
        var campaign = response.Path("leadMetadata.sponsoredLeadMetadata.campaign").AsText();
        var ours = connector.CampaignOf(campaign is null ? null : IdOf(campaign));
        await desk.CaptureAsync(connector, sheet.ToLead(ours, response.Field("submittedAt").AsInstant(), touch: null, desk.Now), KeyOf(connector, id), id, cancel);
    }

    // Without a map, an answer that is an e-mail address is the e-mail address.
    private static void AddAnswer(Answers sheet, JsonElement answer)
    {
        var value = answer.Path("answerDetails.textQuestionAnswer.answer").AsText() ?? answer.Field("answer").AsText() ?? answer.Field("value").AsText();
        var name = answer.Field("predefinedField").AsText() ?? answer.Field("name").AsText() ?? answer.Field("questionId").AsText();
        sheet.Add(name, value);
        if (name is not null && value is not null && name.All(char.IsAsciiDigit) && EmailAddress.Normalise(value) is not null) sheet.Add("EMAIL", value);
    }
}
