namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class DriverPolicyTests
{
    [Fact]
    public void Driver_Given_ReachesTheRouters()
    {
        var policy = APolicy.ParseWith("route: { driver: { kind: haproxy, target: edge, settings: { key: fraud.example } } }").Policy!;
        var driver = policy.ToEndpointConfigured("hash", 1).Traffic.Driver!;
        Assert.Equal(("haproxy", "edge", "fraud.example"), (driver.Kind, driver.Target, driver.Settings["key"]));
        Assert.Null(APolicy.Valid(APolicy.Minimal).ToEndpointConfigured("hash", 1).Traffic.Driver);
    }

    [Theory]
    [InlineData("route: { driver: { kind: abacus } }", "'abacus' is not known.")]
    [InlineData("route: { cutover: strict, driver: { kind: nginx } }", "A strict cutover is made by the platform's own routers")]
    [InlineData("route: { driver: { kind: dns }, shift: { canary: { percent: 10%, wait: 1m } } }", "This driver moves all traffic at once")]
    public void Driver_ThatCannotWork_IsRefused(string lines, string message) =>
        Assert.StartsWith(message, Assert.Single(APolicy.ParseWith(lines).Errors).Message, StringComparison.Ordinal);
}
