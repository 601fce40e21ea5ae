using System.Text.RegularExpressions;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed partial class DriverPolicyTests
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
    [InlineData("route: { driver: { kind: istio }, shift: { canary: { percent: 10%, wait: 1m }, stickyHeader: X-User } }", "The driver istio leaves it to the load balancer")]
    public void Driver_ThatCannotWork_IsRefused(string lines, string message) =>
        Assert.StartsWith(message, Assert.Single(APolicy.ParseWith(lines).Errors).Message, StringComparison.Ordinal);

    /// <summary>The table in docs/drivers.md is what operators go by; the routers' tests hold it against the drivers themselves.</summary>
    [Fact]
    public void Driver_ThatCannotShiftOrMirror_IsRefusedWithTheFieldAndTheFix_AsTheDocumentationSays()
    {
        var kinds = Documented().Matches(File.ReadAllText(PolicyReferenceTests.DocsPath("drivers.md")));
        Assert.Equal(8, kinds.Count);
        foreach (Match kind in kinds)
        {
            var driver = $"driver: {{ kind: {kind.Groups["kind"].Value} }}";
            AssertRefused(kind.Groups["shift"].Value, driver + ", shift: { canary: { percent: 10%, wait: 1m } }", "spec.route.shift", "leave shift out");
            AssertRefused(kind.Groups["mirror"].Value, driver + ", mirror: { green: 10% }", "spec.route.mirror", "leave mirror out");
            AssertRefused(kind.Groups["mirror"].Value, driver + ", mirror: { blue: 1% }", "spec.route.mirror", "leave mirror out");
            AssertRefused("yes", driver + ", mirror: { green: 0% }", "spec.route.mirror", "");
        }
    }

    private static void AssertRefused(string can, string route, string field, string fix)
    {
        var errors = APolicy.ParseWith($"route: {{ {route} }}").Errors;
        if (can == "yes")
        {
            Assert.Empty(errors);
            return;
        }

        var error = Assert.Single(errors);
        Assert.Equal(field, error.Field);
        Assert.Contains(fix, error.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `(?<kind>[a-z-]+)` \| (?<shift>yes|no) \| (?<mirror>yes|no) \|", RegexOptions.Multiline)]
    private static partial Regex Documented();
}
