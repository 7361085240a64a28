using System.Net;

namespace CapacityMesh.Web.Tests;

// Goal: a plain HTML form brings a lead once, robots bring nothing, and nobody is sent to strangers. Method: forms as browsers post them.
public sealed class FormCaptureTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;
    private HttpClient browser = null!;
    private string path = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync();
        admin = server.Client();
        browser = server.Client(key: null);
        path = await admin.ConnectorAsync("""{"platform":"form","map":{"email":"your-email","redirectHosts":["www.example.com"]},"campaigns":{"default":"spring"}}""");
    }

    public async Task DisposeAsync()
    {
        admin.Dispose();
        browser.Dispose();
        await server.DisposeAsync();
    }

    private static FormUrlEncodedContent Form(params (string, string)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2)));

    [Fact]
    public async Task A_form_becomes_a_lead_and_a_second_click_does_not()
    {
        for (var i = 0; i < 2; i++)
        {
            using var form = Form(("name", "Ben Ö"), ("your-email", "ben@example.com"), ("message", "Hello"), ("gclid", "click"), ("size", "10"), ("website", ""));
            using var response = await browser.PostAsync(path, form);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        }
        var lead = await admin.GetOk($"/v1/leads/{Assert.Single(await admin.LeadsAsync(1)).Text("id")}");
        Assert.Equal(("spring", "Ben Ö", "Hello"), (lead.Text("campaign"), lead.GetProperty("profile").Text("name"), lead.GetProperty("submission").Text("message")));
        Assert.Equal("click", lead.GetProperty("submission").GetProperty("touch").Text("gclid"));
        Assert.Equal("10", lead.GetProperty("submission").GetProperty("attributes").Text("size"));
    }

    [Fact]
    public async Task Multipart_is_a_form_too_but_carries_no_files()
    {
        using var form = new MultipartFormDataContent { { new StringContent("ben@example.com"), "email" } };
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync(path, form)).StatusCode);
        Assert.Single(await admin.LeadsAsync(1));
        using var withFile = new MultipartFormDataContent { { new StringContent("ida@example.com"), "email" }, { new ByteArrayContent([1, 2, 3]), "file", "virus.exe" } };
        await browser.PostAsync(path, withFile).Problem(HttpStatusCode.BadRequest, "malformed");
        Assert.Single(await admin.LeadsAsync(1));
    }

    [Fact]
    public async Task A_robot_is_thanked_and_dropped()
    {
        using var form = Form(("email", "robot@example.com"), ("website", "https://spam.example"));
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync(path, form)).StatusCode);
        await admin.UntilCounted("form", "robot", 1);
        Assert.Empty(await admin.LeadsAsync(0));
    }

    [Theory]
    [InlineData("https://www.example.com/thanks?a=1", true)]
    [InlineData("https://evil.example/", false)]
    [InlineData("https://www.example.com@evil.example/", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("//www.example.com/", false)]
    public async Task Only_listed_hosts_are_gone_to(string to, bool goes)
    {
        using var form = Form(("email", "ben@example.com"), ("_redirect", to));
        using var response = await browser.PostAsync(path, form);
        Assert.Equal(goes ? HttpStatusCode.SeeOther : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(goes ? to : null, response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task An_idempotency_key_tells_repeats_and_what_is_wrong_is_said()
    {
        foreach (var (email, expected) in new[] { ("ben@example.com", 200), ("ben@example.com", 200), ("ida@example.com", 422) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Form(("email", email)) };
            request.Headers.Add("Idempotency-Key", "one");
            Assert.Equal(expected, (int)(await browser.SendAsync(request)).StatusCode);
        }
        using var nobody = Form(("name", "Ben"));
        await browser.PostAsync(path, nobody).Problem(HttpStatusCode.BadRequest, "contactRequired");
        using var large = Form(("email", "ben@example.com"), ("message", new string('x', 300_000)));
        await browser.PostAsync(path, large).Problem(HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
        await browser.PostAsync(path, Requests.Json("{}")).Problem(HttpStatusCode.UnsupportedMediaType, "notAForm");
        Assert.Single(await admin.LeadsAsync(1));
    }
}
