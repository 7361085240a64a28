using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Json;

namespace CapacityMesh.Web.Tests;

// Goal: what people type in different ways is one identity, and nothing leads a browser to another site.
// Method: tables of inputs and normal forms; null means refused.
public sealed class NormalFormTests
{
    [Theory]
    [InlineData(" Ben.Bee+x@Example.COM ", "ben.bee+x@example.com")]
    [InlineData("jörg@bücher.example", "jörg@xn--bcher-kva.example")]
    [InlineData(".a@b.de", null)]
    [InlineData("a..b@c.de", null)]
    [InlineData("a@-b.de", null)]
    [InlineData("a@1.2.3.4", null)]
    [InlineData("a@b..de", null)]
    public void An_address_has_one_form(string text, string? normal) => Assert.Equal(normal, EmailAddress.Normalise(text));

    [Theory]
    [InlineData("+49 (0) 30 / 123-45 67", null, "+49301234567")]
    [InlineData("0049.30.1234567", null, "+49301234567")]
    [InlineData("030 1234567", "49", "+49301234567")]
    [InlineData("030 1234567", null, "0301234567")]
    [InlineData("030 12345x7", null, null)]
    [InlineData("+49+301234567", null, null)]
    public void A_number_has_one_form(string text, string? country, string? normal) => Assert.Equal(normal, PhoneNumber.Normalise(text, country));

    [Theory]
    [InlineData("PT15M", 15.0)]
    [InlineData("P2W", 20160.0)]
    [InlineData("P1Y", null)]
    [InlineData("P1M", null)]
    [InlineData("-PT1M", null)]
    [InlineData("15", null)]
    public void A_duration_has_a_fixed_length(string text, double? minutes) =>
        Assert.Equal(minutes, DurationJson.TryParse(text, out var duration) ? duration.TotalMinutes : null);

    [Theory]
    [InlineData("/desk?person=anna", "/desk?person=anna")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData(null, "/")]
    public void A_login_leads_to_our_own_pages(string? next, string path) => Assert.Equal(path, LoginEndpoints.LocalPath(next));

    [Fact]
    public void Ids_rise_even_when_the_clock_stands_still_or_goes_back()
    {
        var ids = new TimeOrderedIds();
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var made = Enumerable.Range(0, 1_000).Select(i => ids.Next(now.AddMilliseconds(-(i % 3)))).ToArray();
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(1_000, made.Distinct().Count());
        Assert.All(made, id => Assert.Equal(26, id.Length));
    }
}
