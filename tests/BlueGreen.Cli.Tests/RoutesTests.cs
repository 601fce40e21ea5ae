using System.Text.Json;

namespace BlueGreen.Cli.Tests;

public sealed class RoutesTests
{
    private const string Route = """
        {"endpoint":"fraud","path":"/fraud","epoch":"7","live":{"model":"fraud","version":"v2"},"standby":null,"replica":"router-1","driver":{"driver":"haproxy/edge","standing":"Drifted","problem":"Somebody else has changed it"}}
        """;

    private const string Driver = """
        {"endpoint":"fraud","driver":"haproxy/edge","standing":"Drifted","epoch":7,"problem":"Somebody else has changed it","wanted":"fraud → 10.0.0.1:80","found":"fraud → 10.6.6.6:80"}
        """;

    [Fact]
    public async Task Routes_ALoadBalancerThatSomebodyElseChanged_IsSeenInTheListInTheRouteAndInTheStatus()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /routes", 200, $"[{Route}]");
        stub.Answer("GET /routes/fraud", 200, Route);
        stub.Answer("GET /routes/fraud/driver", 200, Driver);
        stub.Answer("GET /api/v1/endpoints/fraud", 200, """{"name":"fraud","path":"/fraud","epoch":7}""");
        stub.Answer("GET /api/v1/deployments", 200, "[]");

        Assert.Contains("haproxy/edge: Drifted", (await stub.BgAsync("routes", "list")).Output, StringComparison.Ordinal);
        foreach (var run in new[] { await stub.BgAsync("routes", "show", "fraud"), await stub.BgAsync("status", "fraud") })
        {
            Assert.Equal(ExitCode.Ok, run.ExitCode);
            Assert.Contains("haproxy/edge: Drifted", run.Output, StringComparison.Ordinal);
            Assert.Contains("wanted  fraud → 10.0.0.1:80", run.Output, StringComparison.Ordinal);
            Assert.Contains("found   fraud → 10.6.6.6:80", run.Output, StringComparison.Ordinal);
        }

        var json = (await stub.BgAsync("routes", "show", "fraud", "--json")).Output;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Route), JsonElement.Parse(json)));
    }

    [Fact]
    public async Task Status_TheRouterIsElsewhere_DoesWithout()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints/fraud", 200, """{"name":"fraud","path":"/fraud","epoch":7}""");
        stub.Answer("GET /api/v1/deployments", 200, "[]");

        Assert.Equal(ExitCode.Ok, (await stub.BgAsync("status", "fraud")).ExitCode);
    }

    [Fact]
    public async Task RoutesApply_WritesAgain_AndSaysHowItStands()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("POST /routes/fraud/driver/apply", 200, Driver.Replace("Drifted", "InSync", StringComparison.Ordinal));

        var run = await stub.BgAsync("routes", "apply", "fraud");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("haproxy/edge: InSync", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"standing\":\"InSync\"", (await stub.BgAsync("routes", "apply", "fraud", "--json")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, ExitCode.NotFound)]
    [InlineData(409, ExitCode.Conflict)]
    public async Task RoutesApply_NoLoadBalancer_OrOneThatDoesNotFollow_IsAFailure(int status, int code)
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("POST /routes/fraud/driver/apply", status, """{"title":"Conflict.","detail":"haproxy/edge does not follow the route"}""");

        Assert.Equal(code, (await stub.BgAsync("routes", "apply", "fraud")).ExitCode);
    }
}
