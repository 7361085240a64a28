using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CapacityMesh.Web.Feedback.Outcomes;

namespace CapacityMesh.Web.Tests;

// Goal: what became of a lead reaches its platform once, hashed, with consent; what cannot go says why, and what failed can be sent again.
// Method: leads that are won over HTTP; stand-ins on real sockets; hashes computed apart.
public sealed class OutcomeTests
{
    private const string Path = "/v1/connectors/ads/outcomes";

    private static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task<Steered> StartAsync(string platform)
    {
        var ads = await Steered.StartAsync(platform, more: "");
        await ads.Admin.PutOk("/v1/process", """{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.5,"promise":"P2D","wins":true}]}""");
        await ads.Admin.PutOk("/v1/people/anna", """{"name":"Anna","pools":["sales"],"weeklyCapacity":500,"concurrent":100}""");
        return ads;
    }

    private static async Task<string> WonAsync(Steered ads, string email, string more = "", string phone = "")
    {
        var contact = phone.Length == 0 ? $$"""{"email":"{{email}}"}""" : $$"""{"email":"{{email}}","phone":"{{phone}}"}""";
        var id = (await ads.Admin.PostOk("/v1/leads", $$"""{"campaign":"spring","contact":{{contact}}{{more}}}""", HttpStatusCode.Created)).Text("leadId")!;
        await ads.Admin.Until($"/v1/leads/{id}", l => l.Text("state") == "offered");
        await ads.Admin.PostOk($"/v1/leads/{id}/accept", """{"person":"anna"}""");
        await ads.Admin.PostOk($"/v1/leads/{id}/complete", """{"person":"anna","outcome":"passed","value":{"amount":"99.50","currency":"EUR"}}""");
        return id;
    }

    private static Task<JsonElement> UntilState(Steered ads, string state, int count = 1) => ads.Admin.Until($"{Path}?state={state}", o => o.GetProperty("items").GetArrayLength() == count);

    [Fact]
    public async Task Google_gets_click_hashes_consent_and_value_and_is_asked_what_became_of_it()
    {
        await using var ads = await StartAsync("google");
        await WonAsync(ads, "Ben.Berg@Gmail.com", ""","touch":{"gclid":"Cj0-1"},"consent":{"adUserData":true,"adPersonalization":false}""", "+49 (30) 1234567");
        await UntilState(ads, "sent");
        ads.Time.Jump(TimeSpan.FromSeconds(31));
        var done = (await UntilState(ads, "done")).GetProperty("items")[0];
        var body = AdPlatform.Json(Assert.Single(ads.Platform.Uploads));
        var sent = body.GetProperty("events")[0];
        Assert.Equal(("4711", "1234567890"), (body.GetProperty("destinations")[0].Text("productDestinationId"), body.GetProperty("destinations")[0].GetProperty("operatingAccount").Text("accountId")));
        Assert.Equal((done.Text("id"), "Cj0-1", 99.5m, "EUR"), (sent.Text("transactionId"), sent.GetProperty("adIdentifiers").Text("gclid"), sent.GetProperty("conversionValue").GetDecimal(), sent.Text("currency")));
        Assert.Equal(("CONSENT_GRANTED", "CONSENT_DENIED"), (sent.GetProperty("consent").Text("adUserData"), sent.GetProperty("consent").Text("adPersonalization")));
        var ids = sent.GetProperty("userData").GetProperty("userIdentifiers");
        Assert.Equal((Sha("benberg@gmail.com"), Sha("+49301234567")), (ids[0].Text("emailAddress"), ids[1].Text("phoneNumber")));
    }

    [Fact]
    public async Task Meta_linkedin_and_microsoft_get_their_own_shapes()
    {
        await using (var meta = await StartAsync("meta"))
        {
            await WonAsync(meta, "Pia@Example.com", ""","touch":{"platformLead":"123456789012345"}""", "+4915112345678");
            await UntilState(meta, "done");
            var sent = AdPlatform.Json(Assert.Single(meta.Platform.Uploads)).GetProperty("data")[0];
            Assert.Equal(("Converted", "system_generated", 123456789012345), (sent.Text("event_name"), sent.Text("action_source"), sent.GetProperty("user_data").GetProperty("lead_id").GetInt64()));
            Assert.Equal((Sha("pia@example.com"), Sha("4915112345678")), (sent.GetProperty("user_data").GetProperty("em")[0].GetString(), sent.GetProperty("user_data").GetProperty("ph")[0].GetString()));
            Assert.Equal(("crm", "CapacityMesh"), (sent.GetProperty("custom_data").Text("event_source"), sent.GetProperty("custom_data").Text("lead_event_source")));
        }
        await using (var linkedIn = await StartAsync("linkedin"))
        {
            await WonAsync(linkedIn, "lea@example.com", ""","touch":{"liFatId":"uuid-1"}""");
            await UntilState(linkedIn, "done");
            var sent = AdPlatform.Json(Assert.Single(linkedIn.Platform.Uploads)).GetProperty("elements")[0];
            Assert.Equal(("urn:lla:llaPartnerConversion:104012", "99.50"), (sent.Text("conversion"), sent.GetProperty("conversionValue").Text("amount")));
            Assert.Equal([Sha("lea@example.com"), "uuid-1"], sent.GetProperty("user").GetProperty("userIds").EnumerateArray().Select(u => u.Text("idValue")));
        }
        await using var microsoft = await StartAsync("microsoft");
        await WonAsync(microsoft, "max.muster+ads@example.com", ""","touch":{"msclkid":"ms-1"}""");
        await UntilState(microsoft, "done");
        var row = AdPlatform.Json(Assert.Single(microsoft.Platform.Uploads)).GetProperty("OfflineConversions")[0];
        Assert.Equal(("Deal won", "ms-1", Sha("maxmuster@example.com")), (row.Text("ConversionName"), row.Text("MicrosoftClickId"), row.Text("HashedEmailAddress")));
    }

    [Fact]
    public async Task Without_consent_nothing_leaves_and_a_no_weighs_more_than_the_connectors_yes()
    {
        await using var ads = await StartAsync("linkedin");
        await WonAsync(ads, "no@example.com", ""","consent":{"adUserData":false}""");
        Assert.Equal("noConsent", (await UntilState(ads, "skipped")).GetProperty("items")[0].Text("reason"));
        await ads.Admin.PutOk("/v1/connectors/ads", ads.Platform.Dialect.Connector(ads.Platform.Address).Replace("\"uploadConsent\":\"granted\"", "\"x\":\"y\"", StringComparison.Ordinal));
        await WonAsync(ads, "silent@example.com");
        await UntilState(ads, "skipped", 2);
        await WonAsync(ads, "yes@example.com", ""","consent":{"adUserData":true}""");
        await UntilState(ads, "done");
        Assert.Contains(Sha("yes@example.com"), Assert.Single(ads.Platform.Uploads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_once_whatever_happens_on_the_way_and_after_a_restart()
    {
        await using var ads = await StartAsync("linkedin");
        AdFault[] faults = [AdFault.Error, AdFault.Garbage, AdFault.Throttle];
        ads.Platform.Misbehave = (op, n) => op.Kind == "upload" && n < 3 ? (faults[n], false) : null;
        var lead = await WonAsync(ads, "lea@example.com");
        await ads.Platform.Until(p => p.Of("upload").Length == 3);
        await ads.Admin.Until(Path, o => o.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("attempts").GetInt32() >= 3));
        ads.Time.Jump(TimeSpan.FromHours(1.1));
        await UntilState(ads, "done");
        await ads.RestartAsync();
        await ads.Admin.PostOk($"/v1/leads/{lead}/reopen");
        await WonAsync(ads, "next@example.com");
        await UntilState(ads, "done", 2);
        Assert.Equal(2, ads.Platform.Uploads.Count);
        Assert.Equal(2, ads.Platform.Uploads.Select(u => AdPlatform.Json(u).GetProperty("elements")[0].Text("eventId")).Distinct().Count());
    }

    [Theory]
    [InlineData("google", "Reset")]
    [InlineData("google", "Hang")]
    [InlineData("linkedin", "Reset")]
    [InlineData("linkedin", "Hang")]
    [InlineData("meta", "Hang")]
    [InlineData("microsoft", "Reset")]
    public async Task What_was_taken_though_no_answer_came_goes_again_under_the_same_id(string platform, string fault)
    {
        await using var ads = await Steered.StartAsync(platform, more: "", timeout: TimeSpan.FromMilliseconds(500));
        await ads.Admin.PutOk("/v1/connectors/ads", ads.Platform.Dialect.Connector(ads.Platform.Address).Replace("\"won\"", "\"captured\"", StringComparison.Ordinal));
        ads.Platform.Misbehave = (op, n) => op.Kind == "upload" && n == 0 ? (Enum.Parse<AdFault>(fault), true) : null;
        await ads.Admin.PostOk("/v1/leads", """{"campaign":"spring","contact":{"email":"a@example.com"},"touch":{"msclkid":"ms-1"}}""", HttpStatusCode.Created);
        await ads.Admin.Until(Path, o => o.GetProperty("items").GetArrayLength() == 1 && o.GetProperty("items")[0].Text("state") is "done" or "sent");
        // Where half a second was too short for an answer it goes once more.
        Assert.True(ads.Platform.Uploads.Count >= 2);
        // Platforms ignore repeats by the id, and, where they have none, by the click or person with the time.
        Assert.Single(ads.Platform.Uploads.Distinct());
        await ads.UntilCounted($"capacitymesh_actuator_calls_total{{platform=\"{platform}\",what=\"outcomes\",result=\"uncertain\"}}");
    }

    [Fact]
    public async Task What_the_platform_refuses_is_a_dead_letter_that_can_be_sent_again_and_what_is_done_is_not()
    {
        await using var ads = await StartAsync("meta");
        ads.Platform.Misbehave = (op, _) => op.Kind == "upload" ? (AdFault.OkError, false) : null;
        await WonAsync(ads, "pia@example.com");
        var dead = (await UntilState(ads, "dead")).GetProperty("items")[0];
        Assert.Equal("refused: 100", dead.Text("reason"));
        ads.Platform.Misbehave = (_, _) => null;
        await ads.Admin.PostOk($"{Path}/{dead.Text("id")}/resend");
        await UntilState(ads, "done");
        await ads.Admin.PostAsync($"{Path}/{dead.Text("id")}/resend", null).Problem(HttpStatusCode.Conflict, "outcomeDone");
        await ads.Admin.PostAsync($"{Path}/nothing/resend", null).Problem(HttpStatusCode.NotFound, "outcomeUnknown");
        await ads.Admin.GetAsync($"{Path}?state=lost").Problem(HttpStatusCode.BadRequest, "unknownState", "state");
        await ads.UntilCounted("capacitymesh_outcomes_total{platform=\"meta\",result=\"dead\"}");
    }

    [Fact]
    public async Task One_bad_row_does_not_take_the_others_with_it()
    {
        await using var ads = await StartAsync("meta");
        // Nothing goes before all three are there.
        ads.Platform.Misbehave = (op, n) => op.Kind == "upload" && n == 0 ? (AdFault.Throttle, false) : null;
        await WonAsync(ads, "one@example.com");
        await ads.Admin.Until(Path, o => o.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("attempts").GetInt32() >= 1));
        await WonAsync(ads, "two@example.com");
        await WonAsync(ads, "three@example.com");
        await ads.Admin.Until(Path, o => o.GetProperty("items").EnumerateArray().Count(i => i.GetProperty("attempts").GetInt32() >= 1) == 3);
        ads.Platform.Misbehave = (op, _) => op.Kind == "upload" && ads.Platform.Seen.Last().Sent.Body.Contains(Sha("two@example.com"), StringComparison.Ordinal) ? (AdFault.OkError, false) : null;
        ads.Time.Jump(TimeSpan.FromHours(1.5));
        await UntilState(ads, "done", 2);
        await UntilState(ads, "dead", 1);
    }

    [Fact]
    public async Task A_person_who_was_erased_is_not_sent_and_no_row_holds_a_person()
    {
        await using var ads = await StartAsync("linkedin");
        ads.Platform.Misbehave = (op, n) => op.Kind == "upload" && n == 0 ? (AdFault.Throttle, false) : null;
        var lead = await WonAsync(ads, "gone@example.com");
        await ads.Admin.Until(Path, o => o.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("attempts").GetInt32() >= 1));
        var contact = (await ads.Admin.GetOk($"/v1/leads/{lead}")).Text("contact");
        Assert.Equal(HttpStatusCode.NoContent, (await ads.Admin.DeleteAsync($"/v1/contacts/{contact}")).StatusCode);
        ads.Time.Jump(TimeSpan.FromHours(1.5));
        Assert.Equal("erased", (await UntilState(ads, "skipped")).GetProperty("items")[0].Text("reason"));
        Assert.Empty(ads.Platform.Uploads);
        foreach (var row in await ads.Journal.Rows.ListAsync("default", "outcomes", null, null, 10, CancellationToken.None))
        {
            Assert.DoesNotContain("gone@", Encoding.UTF8.GetString(row.Value.Span), StringComparison.Ordinal);
            Assert.DoesNotContain(Sha("gone@example.com"), Encoding.UTF8.GetString(row.Value.Span), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_lead_of_another_campaign_goes_where_its_click_came_from_and_nowhere_else()
    {
        await using var ads = await StartAsync("microsoft");
        await ads.Admin.PutOk("/v1/campaigns/autumn", """{"name":"Autumn","channel":"x"}""");
        async Task Other(string email, string touch)
        {
            var id = (await ads.Admin.PostOk("/v1/leads", $$$"""{"campaign":"autumn","contact":{"email":"{{{email}}}"},"touch":{{{touch}}}}""", HttpStatusCode.Created)).Text("leadId");
            await ads.Admin.Until($"/v1/leads/{id}", l => l.Text("state") == "offered");
            await ads.Admin.PostOk($"/v1/leads/{id}/accept", """{"person":"anna"}""");
            await ads.Admin.PostOk($"/v1/leads/{id}/complete", """{"person":"anna","outcome":"passed"}""");
        }
        await Other("a@example.com", """{"gclid":"google's"}""");
        await Other("b@example.com", """{"msclkid":"ms-b"}""");
        await UntilState(ads, "done");
        Assert.Contains("ms-b", Assert.Single(ads.Platform.Uploads), StringComparison.Ordinal);
        Assert.Single((await ads.Admin.GetOk(Path)).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("ben.berg@gmail.com", "gmail", "benberg@gmail.com")]
    [InlineData("ben.berg@example.com", "gmail", "ben.berg@example.com")]
    [InlineData("ben.berg+x@example.com", "noDots", "benberg@example.com")]
    [InlineData("ben.berg+x@example.com", "plain", "ben.berg+x@example.com")]
    public void Addresses_are_written_as_each_platform_wants_them(string email, string rule, string expected) =>
        Assert.Equal(expected, OutcomePacker.Written(email, Enum.Parse<EmailRule>(rule, ignoreCase: true)));
}
