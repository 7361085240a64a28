using System.Net;
using CapacityMesh.Web.Callouts;

namespace CapacityMesh.Web.Tests;

// Goal: nobody makes us call our own network. Method: addresses of every closed kind, and a real call to a listener on loopback.
public sealed class CalloutTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("224.0.0.1")]
    public void Closed_addresses_are_refused_unless_allowed(string address)
    {
        Assert.False(new CalloutRules(new WebOptions { AllowLoopbackCallouts = false }).Allows(IPAddress.Parse(address)));
        Assert.True(new CalloutRules(new WebOptions { AllowLoopbackCallouts = true }).Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void Public_addresses_are_called(string address) => Assert.True(new CalloutRules(new WebOptions { AllowLoopbackCallouts = false }).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_name_or_number_of_ourselves_is_refused_at_connect_time(string host)
    {
        await using var secret = await StandIn.StartAsync((_, _) => (200, "secret"));
        var options = new WebOptions { AllowLoopbackCallouts = false };
        using var client = new CalloutClient(new CalloutRules(options), options, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{new Uri(secret.Address).Port}/");
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(request, CancellationToken.None));
        Assert.True((fault as CalloutRefusedException ?? fault.InnerException) is CalloutRefusedException, fault.ToString());
        Assert.Empty(secret.Requests);
    }

    [Fact]
    public async Task A_host_that_hangs_is_left()
    {
        using var never = new ManualResetEventSlim();
        await using var slow = await StandIn.StartAsync((_, _) => { never.Wait(TimeSpan.FromSeconds(5)); return (200, ""); });
        var options = new WebOptions { AllowLoopbackCallouts = true, CalloutTimeout = TimeSpan.FromMilliseconds(100) };
        using var client = new CalloutClient(new CalloutRules(options), options, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, slow.Address);
        await Assert.ThrowsAsync<TimeoutException>(() => client.SendAsync(request, CancellationToken.None));
        never.Set();
    }
}
