using System.Net;
using System.Text;

namespace CapacityMesh.Web.Tests;

// Goal: whatever a caller sends, the answer is a typed problem that names the field, and nothing is lost or made.
// Method: one server for the class; each case sends one bad request over HTTP and reads the problem; at the end there is no lead.
public sealed class BadInputTests : IAsyncLifetime
{
    private Server server = null!;
    private HttpClient admin = null!;

    public async Task InitializeAsync()
    {
        server = await Server.StartOpenAsync();
        admin = server.Client();
    }

    public async Task DisposeAsync()
    {
        var leads = await admin.GetOk("/v1/leads");
        admin.Dispose();
        await server.DisposeAsync();
        Assert.Empty(leads.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("{", "malformed", "")]
    [InlineData("null", "malformed", "")]
    [InlineData("[]", "malformed", "")]
    [InlineData("""{"contact":{"email":7}}""", "malformed", "contact.email")]
    [InlineData("""{"contact":"ben"}""", "malformed", "contact")]
    [InlineData("""{"contact":{"email":"a@b.de"},"occurredAt":"yesterday"}""", "malformed", "occurredAt")]
    [InlineData("""{"contact":{"email":"a@b.de"},"occurredAt":"2026-01-01T10:00:00"}""", "malformed", "occurredAt")]
    [InlineData("""{"contact":{"email":"a@b.de"},"value":{"amount":"NaN","currency":"EUR"}}""", "malformed", "value")]
    [InlineData("""{"contact":{"email":"a@b.de"},"value":{"amount":-1,"currency":"EUR"}}""", "invalidMoney", "value")]
    [InlineData("""{"contact":{"email":"a@b.de"},"value":{"amount":1,"currency":"eur"}}""", "invalidMoney", "value")]
    [InlineData("{}", "contactRequired", "contact")]
    [InlineData("""{"contact":{"email":"   "}}""", "contactRequired", "contact")]
    [InlineData("""{"contact":{"email":"no-at.example.com"}}""", "invalidEmail", "contact.email")]
    [InlineData("""{"contact":{"email":"a@b@c.de"}}""", "invalidEmail", "contact.email")]
    [InlineData("""{"contact":{"email":"a@localhost"}}""", "invalidEmail", "contact.email")]
    [InlineData("""{"contact":{"email":"a b@c.de"}}""", "invalidEmail", "contact.email")]
    [InlineData("""{"contact":{"phone":"call me"}}""", "invalidPhone", "contact.phone")]
    [InlineData("""{"contact":{"phone":"12345"}}""", "invalidPhone", "contact.phone")]
    [InlineData("""{"contact":{"phone":"+1234567890123456"}}""", "invalidPhone", "contact.phone")]
    [InlineData("""{"contact":{"email":"a@b.de"},"attributes":{"x":{"y":1}}}""", "invalidAttribute", "attributes.x")]
    [InlineData("""{"contact":{"email":"a@b.de"},"skills":["not a key"]}""", "invalidSkills", "skills")]
    public async Task A_bad_lead_is_answered_400_with_its_field(string body, string code, string field) =>
        await admin.PostAsync("/v1/leads", Requests.Json(body)).Problem(HttpStatusCode.BadRequest, code, field);

    [Fact]
    public async Task Texts_beyond_their_limits_are_named_one_by_one()
    {
        var name = new string('n', 10_000);
        var body = $$$"""{"campaign":"{{{name}}}","contact":{"email":"a@b.de","name":"{{{name}}}","company":"{{{name}}}"},"message":"{{{name}}}"}""";
        var problem = await admin.PostAsync("/v1/leads", Requests.Json(body)).Problem(HttpStatusCode.BadRequest, "tooLong", "contact.name");
        Assert.Equal(["contact.name", "contact.company", "campaign", "message"], problem.GetProperty("errors").EnumerateArray().Select(e => e.Text("field")));
    }

    [Fact]
    public async Task Dates_far_off_are_refused()
    {
        await admin.PostAsync("/v1/leads", Requests.Json($$$"""{"contact":{"email":"a@b.de"},"occurredAt":"{{{Server.Days(0.1)}}}"}""")).Problem(HttpStatusCode.BadRequest, "inTheFuture", "occurredAt");
        await admin.PostAsync("/v1/leads", Requests.Json("""{"contact":{"email":"a@b.de"},"occurredAt":"1999-01-01T00:00:00Z"}""")).Problem(HttpStatusCode.BadRequest, "tooOld", "occurredAt");
    }

    [Fact]
    public async Task A_mebibyte_is_too_large_with_and_without_a_length()
    {
        var big = Encoding.UTF8.GetBytes($$"""{"message":"{{new string('x', 1024 * 1024)}}"}""");
        await admin.PostAsync("/v1/leads", new ByteArrayContent(big) { Headers = { ContentType = new("application/json") } }).Problem(HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/leads") { Content = new StreamContent(new MemoryStream(big)) { Headers = { ContentType = new("application/json") } } };
        chunked.Headers.TransferEncodingChunked = true;
        await admin.SendAsync(chunked).Problem(HttpStatusCode.RequestEntityTooLarge, "bodyTooLarge");
    }

    [Fact]
    public async Task Other_content_is_415_and_other_routes_and_methods_are_problems_too()
    {
        await admin.PostAsync("/v1/leads", new StringContent("{}", Encoding.UTF8, "text/plain")).Problem(HttpStatusCode.UnsupportedMediaType, "notJson");
        await admin.GetAsync("/v1/nowhere").Problem(HttpStatusCode.NotFound, "routeUnknown");
        await admin.DeleteAsync("/v1/process").Problem(HttpStatusCode.MethodNotAllowed, "methodNotAllowed");
        await admin.GetAsync("/v1/leads/none").Problem(HttpStatusCode.NotFound, "leadUnknown");
        await admin.GetAsync("/v1/leads/a%20b").Problem(HttpStatusCode.NotFound, "notFound");
        await admin.GetAsync("/v1/leads?limit=0").Problem(HttpStatusCode.BadRequest, "outOfRange", "limit");
        await admin.GetAsync("/v1/leads?state=asleep").Problem(HttpStatusCode.BadRequest, "unknownState", "state");
    }

    [Theory]
    [InlineData("""{"name":"A","pools":["sales"],"weeklyCapacity":-1}""", "outOfRange", "weeklyCapacity")]
    [InlineData("""{"name":"A","pools":["sales"],"concurrent":0}""", "outOfRange", "concurrent")]
    [InlineData("""{"name":"A","pools":["nowhere"]}""", "unknownPool", "pools[0]")]
    [InlineData("""{"name":"A","pools":["onboarding"]}""", "poolOfSlots", "pools[0]")]
    [InlineData("""{"name":" ","pools":["sales"]}""", "invalidName", "name")]
    [InlineData("""{"name":"A","pools":[]}""", "invalidCount", "pools")]
    [InlineData("""{"name":"A","pools":["sales"],"hours":{"timeZone":"Mars/Base","week":[{"day":"mon","from":"09:00","to":"17:00"}]}}""", "unknownTimeZone", "hours.timeZone")]
    [InlineData("""{"name":"A","pools":["sales"],"hours":{"timeZone":"Europe/Berlin","week":[{"day":"mon","from":"17:00","to":"09:00"}]}}""", "endsBeforeStart", "hours.week")]
    [InlineData("""{"name":"A","pools":["sales"],"hours":{"timeZone":"Europe/Berlin","week":[{"day":"sometime","from":"09:00","to":"25:00"}]}}""", "invalidRequest", "hours.week[0].day")]
    [InlineData("""{"name":"A","pools":["sales"],"weeklyCapacity":"many"}""", "malformed", "weeklyCapacity")]
    public async Task A_bad_person_is_answered_400_with_its_field(string body, string code, string field) =>
        await admin.PutAsync("/v1/people/ben", Requests.Json(body)).Problem(HttpStatusCode.BadRequest, code, field);

    [Theory]
    [InlineData("""{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"a","pool":"none","promise":"P1D"}]}""", "unknownPool", "stages[0].pool")]
    [InlineData("""{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"a","pool":"sales"}]}""", "required", "stages[0].promise")]
    [InlineData("""{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"a","pool":"sales","promise":"P1M"}]}""", "malformed", "stages[0].promise")]
    [InlineData("""{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"a","pool":"sales","promise":"-P1D"}]}""", "malformed", "stages[0].promise")]
    [InlineData("""{"pools":[{"id":"sales","kind":"robots"}],"stages":[{"id":"a","pool":"sales","promise":"P1D"}]}""", "malformed", "pools[0].kind")]
    [InlineData("""{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"a","pool":"sales","promise":"P1D","passRate":1.5}]}""", "outOfRange", "stages[0].passRate")]
    [InlineData("""{"pools":[{"id":"sales","kind":"people"}],"stages":[null]}""", "invalidRequest", "stages[0].promise")]
    [InlineData("{}", "invalidCount", "pools")]
    public async Task A_bad_process_is_answered_400_with_its_field(string body, string code, string field) =>
        await admin.PutAsync("/v1/process", Requests.Json(body)).Problem(HttpStatusCode.BadRequest, code, field);

    [Fact]
    public async Task Slots_that_cannot_be_are_refused_with_their_reason()
    {
        await admin.PutAsync("/v1/slots/x", Slot("onboarding", 3, 2)).Problem(HttpStatusCode.BadRequest, "endsBeforeStart", "endsAt");
        await admin.PutAsync("/v1/slots/x", Slot("onboarding", 1.1, 1.2)).Problem(HttpStatusCode.Conflict, "slotOverlaps");
        await admin.PutAsync("/v1/slots/x", Slot("onboarding", -3, -2)).Problem(HttpStatusCode.UnprocessableEntity, "slotInThePast");
        await admin.PutAsync("/v1/slots/x", Slot("nowhere", 20, 21)).Problem(HttpStatusCode.UnprocessableEntity, "poolUnknown");
        await admin.PutAsync("/v1/slots/x", Slot("sales", 20, 21)).Problem(HttpStatusCode.UnprocessableEntity, "poolOfPeople");
        await admin.PutAsync("/v1/slots/x", Requests.Json("""{"pool":"onboarding"}""")).Problem(HttpStatusCode.BadRequest, "required", "startsAt");
    }

    private static StringContent Slot(string pool, double from, double to) => Requests.Json($$"""{"pool":"{{pool}}","startsAt":"{{Server.Days(from)}}","endsAt":"{{Server.Days(to)}}"}""");

    [Fact]
    public async Task An_idempotency_key_has_limits() =>
        await admin.PostKeyed("/v1/leads", Requests.Lead("a@b.de"), new string('k', 201)).Problem(HttpStatusCode.BadRequest, "invalidIdempotencyKey", "Idempotency-Key");
}
