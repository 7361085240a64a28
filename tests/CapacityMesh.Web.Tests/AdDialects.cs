using System.Globalization;
using System.Text.Json;
using System.Web;

namespace CapacityMesh.Web.Tests;

/// <summary>The platforms' APIs as their documentation shows them, for <see cref="AdPlatform"/>.</summary>
internal static class AdDialects
{
    public static IAdDialect Of(string platform) => platform switch
    {
        "google" => new GoogleDialect(),
        "meta" => new MetaDialect(),
        "linkedin" => new LinkedInDialect(),
        "microsoft" => new MicrosoftDialect(),
        _ => new TikTokDialect(),
    };

    public static string Number(this decimal number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed class GoogleDialect : IAdDialect
    {
        public string Platform => "google";
        public string Paused => "PAUSED";
        public string Active => "ENABLED";
        public decimal Budget => 50_000_000;

        public string Connector(string address, string more = "") => $$"""
            {"platform":"google","secrets":{"key":"s3cret","refreshToken":"refresh-1","oauthClientId":"id","oauthClientSecret":"hush","developerToken":"dev"},"apiBaseUrl":"{{address}}",
             "map":{"customerId":"123-456-7890","loginCustomerId":"999","tokenUrl":"{{address}}/token","uploadConsent":"granted"},"campaigns":{"{{AdPlatform.Campaign}}":"spring"},"outcomes":{"won":"4711"}{{more}}}
            """;

        public AdOp? Recognise(Sent sent)
        {
            if (sent.Path == "/token") return new AdOp("token", HttpUtility.ParseQueryString(sent.Body)["refresh_token"]);
            if (sent.Path.EndsWith("/googleAds:search", StringComparison.Ordinal) && sent.Body.Contains(AdPlatform.Campaign, StringComparison.Ordinal)) return new AdOp("read");
            if (sent.Path == "/v1/events:ingest") return new AdOp("upload");
            if (sent.Path == "/v1/requestStatus:retrieve") return new AdOp("poll");
            if (!sent.Path.StartsWith("/v25/customers/1234567890/campaign", StringComparison.Ordinal)) return null;
            var body = AdPlatform.Json(sent.Body);
            var update = body.GetProperty("operations")[0].GetProperty("update");
            if (body.GetProperty("validateOnly").GetBoolean()) return new AdOp("validate");
            if (update.TryGetProperty("amountMicros", out var amount)) return new AdOp("budget", amount.GetString());
            return new AdOp(update.GetProperty("status").GetString() == "PAUSED" ? "pause" : "resume");
        }

        public (int, string) Answer(AdPlatform state, AdOp op, Sent sent) => op.Kind switch
        {
            "token" => (200, $$"""{"access_token":"{{state.Token}}","expires_in":3599,"token_type":"Bearer"{{(state.Rotated is { } next ? $",\"refresh_token\":\"{next}\"" : "")}}}"""),
            "read" => (200, $$$"""{"results":[{"campaign":{"resourceName":"customers/1234567890/campaigns/{{{AdPlatform.Campaign}}}","status":"{{{state.Status}}}","campaignBudget":"customers/1234567890/campaignBudgets/5"},"campaignBudget":{"resourceName":"customers/1234567890/campaignBudgets/5","amountMicros":"{{{state.Budget.Number()}}}","explicitlyShared":{{{(state.IsShared ? "true" : "false")}}},"referenceCount":"{{{(state.IsShared ? 3 : 1)}}}"}}],"fieldMask":"x"}"""),
            "upload" => (200, $$"""{"requestId":"req-{{state.Uploads.Count}}"}"""),
            "poll" => (200, """{"requestStatusPerDestination":[{"requestStatus":"SUCCESS"}]}"""),
            _ => (200, """{"results":[{"resourceName":"customers/1234567890/campaigns/1"}]}"""),
        };

        public (int, string) Refuse(AdFault fault) => fault switch
        {
            AdFault.Throttle => (429, """{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3600s"}]}}"""),
            AdFault.OkError => (200, """{"partialFailureError":{"code":3,"message":"no"},"results":[{}]}"""),
            AdFault.Unauthorized => (401, """{"error":{"code":401,"status":"UNAUTHENTICATED"}}"""),
            _ => (500, """{"error":{"code":500,"status":"INTERNAL"}}"""),
        };
    }

    private sealed class MetaDialect : IAdDialect
    {
        public string Platform => "meta";
        public string Paused => "PAUSED";
        public string Active => "ACTIVE";
        public decimal Budget => 5_000;

        public string Connector(string address, string more = "") => $$"""
            {"platform":"meta","secrets":{"appSecret":"app","verifyToken":"verify","accessToken":"token"},"apiBaseUrl":"{{address}}","map":{"datasetId":"321","uploadConsent":"granted"},
             "campaigns":{"{{AdPlatform.Campaign}}":"spring"},"outcomes":{"won":"Converted"}{{more}}}
            """;

        public AdOp? Recognise(Sent sent)
        {
            if (sent.Path == "/v26.0/321/events") return new AdOp("upload");
            if (sent.Path != $"/v26.0/{AdPlatform.Campaign}") return new AdOp("lead", sent.Path.Split('/')[^1]);
            if (sent.Method == "GET") return new AdOp("read");
            var form = HttpUtility.ParseQueryString(sent.Body);
            if (form["execution_options"] is not null) return new AdOp("validate");
            return form["daily_budget"] is { } budget ? new AdOp("budget", budget) : new AdOp(form["status"] == "PAUSED" ? "pause" : "resume");
        }

        public (int, string) Answer(AdPlatform state, AdOp op, Sent sent) => op.Kind switch
        {
            "read" => (200, $$"""{"id":"{{AdPlatform.Campaign}}","status":"{{state.Status}}","effective_status":"{{state.Status}}","daily_budget":"{{state.Budget.Number()}}"}"""),
            "lead" => (200, $$"""{"id":"{{op.Value}}","created_time":"2026-11-01T12:30:00+0000","campaign_id":"{{AdPlatform.Campaign}}","field_data":[{"name":"email","values":["p{{op.Value}}@example.com"]}]}"""),
            "upload" => (200, $$"""{"events_received":{{AdPlatform.Json(sent.Body).GetProperty("data").GetArrayLength()}},"messages":[],"fbtrace_id":"x"}"""),
            _ => (200, """{"success":true}"""),
        };

        public (int, string) Refuse(AdFault fault) => fault switch
        {
            AdFault.Throttle => (400, """{"error":{"message":"(#80004) There have been too many calls","code":80004}}"""),
            AdFault.OkError => (200, """{"error":{"message":"(#100) Invalid parameter","code":100}}"""),
            AdFault.Unauthorized => (400, """{"error":{"message":"expired","type":"OAuthException","code":190}}"""),
            _ => (500, """{"error":{"message":"An unknown error occurred","code":1}}"""),
        };
    }

    private sealed class LinkedInDialect : IAdDialect
    {
        public string Platform => "linkedin";
        public string Paused => "PAUSED";
        public string Active => "ACTIVE";
        public decimal Budget => 80;

        public string Connector(string address, string more = "") => $$"""
            {"platform":"linkedin","secrets":{"clientSecret":"client","accessToken":"token"},"apiBaseUrl":"{{address}}","map":{"name":1,"adAccount":"42","uploadConsent":"granted"},
             "campaigns":{"{{AdPlatform.Campaign}}":"spring"},"outcomes":{"won":"104012"}{{more}}}
            """;

        public AdOp? Recognise(Sent sent)
        {
            if (sent.Path.StartsWith("/rest/leadFormResponses/", StringComparison.Ordinal)) return new AdOp("lead", sent.Path.Split('/')[^1]);
            if (sent.Path == "/rest/conversionEvents") return new AdOp("upload");
            if (sent.Path != $"/rest/adAccounts/42/adCampaigns/{AdPlatform.Campaign}" || sent.Headers["linkedin-version"].Length != 6) return null;
            if (sent.Method == "GET") return new AdOp("read");
            if (sent.Headers["x-restli-method"] != "PARTIAL_UPDATE") return null;
            var set = AdPlatform.Json(sent.Body).GetProperty("patch").GetProperty("$set");
            return set.TryGetProperty("dailyBudget", out var budget) ? new AdOp("budget", budget.Text("amount")) : new AdOp(set.Text("status") == "PAUSED" ? "pause" : "resume");
        }

        public (int, string) Answer(AdPlatform state, AdOp op, Sent sent) => op.Kind switch
        {
            "read" => (200, $$$"""{"id":1,"status":"{{{state.Status}}}","dailyBudget":{"amount":"{{{state.Budget.Number()}}}","currencyCode":"EUR"}}"""),
            "lead" => (200, $$$$"""{"id":"{{{{op.Value}}}}","leadMetadata":{"sponsoredLeadMetadata":{"campaign":"urn:li:sponsoredCampaign:{{{{AdPlatform.Campaign}}}}"}},"formResponse":{"answers":[{"questionId":1,"answerDetails":{"textQuestionAnswer":{"answer":"Lea"}}},{"questionId":2,"answerDetails":{"textQuestionAnswer":{"answer":"{{{{op.Value}}}}@example.com"}}}]}}"""),
            "upload" => (200, $$"""{"elements":[{{string.Join(',', AdPlatform.Json(sent.Body).GetProperty("elements").EnumerateArray().Select(_ => "{\"status\":201}"))}}]}"""),
            _ => (204, ""),
        };

        public (int, string) Refuse(AdFault fault) => fault switch
        {
            AdFault.Throttle => (429, """{"status":429,"code":"TOO_MANY_REQUESTS"}"""),
            AdFault.Unauthorized => (401, """{"status":401,"serviceErrorCode":65601}"""),
            AdFault.OkError => (422, """{"status":422,"code":"INVALID_VALUE"}"""),
            _ => (503, "upstream connect error"),
        };
    }

    private sealed class MicrosoftDialect : IAdDialect
    {
        public string Platform => "microsoft";
        public string Paused => "Paused";
        public string Active => "Active";
        public decimal Budget => 40;

        public string Connector(string address, string more = "") => $$"""
            {"platform":"microsoft","secrets":{"accessToken":"token","developerToken":"dev"},"apiBaseUrl":"{{address}}","map":{"accountId":"11","customerId":"22","uploadConsent":"granted"},
             "campaigns":{"{{AdPlatform.Campaign}}":"spring"},"outcomes":{"won":"Deal won"}{{more}}}
            """;

        public AdOp? Recognise(Sent sent)
        {
            const string root = "/CampaignManagement/v13/";
            if (sent.Headers["developertoken"] != "dev" || sent.Headers["customeraccountid"] != "11") return null;
            if (sent.Path == root + "OfflineConversions/Apply") return new AdOp("upload");
            if (sent.Path == root + "Campaigns/QueryByIds") return new AdOp("read");
            if (sent.Path != root + "Campaigns" || sent.Method != "PUT") return null;
            var campaign = AdPlatform.Json(sent.Body).GetProperty("Campaigns")[0];
            return campaign.TryGetProperty("DailyBudget", out var budget) ? new AdOp("budget", budget.GetRawText()) : new AdOp(campaign.Text("Status") == "Paused" ? "pause" : "resume");
        }

        public (int, string) Answer(AdPlatform state, AdOp op, Sent sent) => op.Kind switch
        {
            "read" => (200, $$$"""{"Campaigns":[{"Id":{{{AdPlatform.Campaign}}},"Status":"{{{state.Status}}}","DailyBudget":{{{state.Budget.Number()}}},"BudgetType":"DailyBudgetStandard","BudgetId":{{{(state.IsShared ? "77" : "null")}}}}],"PartialErrors":[]}"""),
            _ => (200, """{"PartialErrors":[]}"""),
        };

        public (int, string) Refuse(AdFault fault) => fault switch
        {
            AdFault.Throttle => (429, """{"TrackingId":"t","OperationErrors":[{"Code":117,"ErrorCode":"CallRateExceeded"}]}"""),
            AdFault.OkError => (200, """{"PartialErrors":[{"Index":0,"Code":1100,"ErrorCode":"CampaignServiceInvalidCampaignId"}]}"""),
            AdFault.Unauthorized => (401, """{"Errors":[{"Code":109,"ErrorCode":"AuthenticationTokenExpired"}]}"""),
            _ => (500, """{"Errors":[{"Code":0,"ErrorCode":"InternalError"}]}"""),
        };
    }

    private sealed class TikTokDialect : IAdDialect
    {
        private const string Root = "/open_api/v1.3/campaign/";

        public string Platform => "tiktok";
        public string Paused => "DISABLE";
        public string Active => "ENABLE";
        public decimal Budget => 400;

        public string Connector(string address, string more = "") => $$"""
            {"platform":"tiktok","secrets":{"clientSecret":"client","accessToken":"token"},"apiBaseUrl":"{{address}}","map":{"leadId":"lead.id","email":"lead.email","campaign":"campaign_id","advertiserId":"7"},
             "campaigns":{"{{AdPlatform.Campaign}}":"spring"}{{more}}}
            """;

        public AdOp? Recognise(Sent sent)
        {
            if (sent.Path == Root + "get/") return new AdOp("read");
            var body = AdPlatform.Json(sent.Body);
            if (sent.Path == Root + "update/") return new AdOp("budget", body.GetProperty("budget").GetRawText());
            return sent.Path == Root + "status/update/" && body.GetProperty("campaign_ids")[0].GetString() == AdPlatform.Campaign ? new AdOp(body.Text("operation_status") == "DISABLE" ? "pause" : "resume") : null;
        }

        public (int, string) Answer(AdPlatform state, AdOp op, Sent sent) => op.Kind == "read"
            ? (200, $$$"""{"code":0,"message":"OK","data":{"list":[{"campaign_id":"{{{AdPlatform.Campaign}}}","operation_status":"{{{state.Status}}}","budget_mode":"BUDGET_MODE_DAY","budget":{{{state.Budget.Number()}}}}]}}""")
            : (200, """{"code":0,"message":"OK","data":{}}""");

        public (int, string) Refuse(AdFault fault) => fault switch
        {
            AdFault.Throttle => (200, """{"code":40100,"message":"Too many requests"}"""),
            AdFault.Unauthorized => (200, """{"code":40105,"message":"Access token is incorrect"}"""),
            AdFault.OkError => (200, """{"code":40002,"message":"Invalid campaign"}"""),
            _ => (200, """{"code":50000,"message":"System error"}"""),
        };
    }
}
