namespace BlueGreen.Router.Drivers.Tests.Alb;

/// <summary>How targets are named to the load balancer.</summary>
public sealed partial class AlbDriverTests
{
    [Fact]
    public async Task Switch_ToIPv6_RegistersAddressesAndNotHostsOfUrls_AndReadsThemBackAsItsOwn()
    {
        await _driver.SwitchAsync(Route(_blue));
        var green = RouteExamples.Target("v2", "[2001:db8:0:0::5]:80", "[2001:DB8::6]:80");

        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(green, _blue, 2)));

        Assert.Equal(["2001:db8::5:80", "2001:db8::6:80"], Serving());
        Assert.Contains("[2001:db8::5]:80+[2001:db8::6]:80=100", _driver.Describe(Route(green, _blue, 2)), StringComparison.Ordinal);
        Assert.Equal((null, DriverStanding.InSync), await _driver.SwitchAsync(Route(_blue, null, 3)));
        Assert.Equal(["10.0.1.1:80", "10.0.1.2:80"], _alb.Targets.Values.SelectMany(group => group).Order(StringComparer.Ordinal));
    }
}
