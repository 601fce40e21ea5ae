using System.Text.Json;

namespace BlueGreen.Cli.Tests;

public sealed class DecisionTests
{
    private static readonly Guid Id = Guid.NewGuid();

    [Theory]
    [InlineData("approve")]
    [InlineData("reject")]
    [InlineData("cancel")]
    public async Task Decision_OnAnEndpoint_IsSentToItsActiveDeploymentWithWhoAndWhy(string verb)
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints/fraud", 200, $$"""{"name":"fraud","activeDeployment":"{{Id}}"}""");
        stub.Answer($"POST /api/v1/deployments/{Id}/{verb}", 202, $$"""{"id":"{{Id}}"}""");

        var run = await stub.BgAsync(verb, "fraud", "--reason", "looked at it", "--by", "ada", "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(Id, JsonElement.Parse(run.Output).GetProperty("id").GetGuid());
        var sent = JsonElement.Parse(stub.Requests.Last().Body);
        Assert.Equal(("ada", "looked at it"), (sent.GetProperty("requestedBy").GetString(), sent.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Approve_WithoutAReason_IsSentInThisAccountsName()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"POST /api/v1/deployments/{Id}/approve", 202, $$"""{"id":"{{Id}}"}""");

        var run = await stub.BgAsync("approve", Id.ToString());

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(Environment.UserName, JsonElement.Parse(stub.Requests.Last().Body).GetProperty("requestedBy").GetString());
    }

    [Theory]
    [InlineData("reject")]
    [InlineData("cancel")]
    public async Task Decision_WithoutAReason_IsRefusedBeforeAnythingIsSent(string verb)
    {
        await using var stub = await PlatformStub.StartAsync();

        Assert.Equal(ExitCode.Usage, (await stub.BgAsync(verb, Id.ToString())).ExitCode);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Approve_StateDoesNotAllowIt_IsAConflictThatSaysWhy()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"POST /api/v1/deployments/{Id}/approve", 409, """{"status":409,"detail":"Deployment is Warming: there is nothing to approve."}""");

        var run = await stub.BgAsync("approve", Id.ToString());

        Assert.Equal(ExitCode.Conflict, run.ExitCode);
        Assert.Contains("nothing to approve", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_EndpointHasNothingUnderWay_IsNotFound()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints/fraud", 200, """{"name":"fraud","live":{"deploymentId":"6f9619ff-8b86-d011-b42d-00cf4fc964ff"}}""");

        Assert.Equal(ExitCode.NotFound, (await stub.BgAsync("cancel", "fraud", "--reason", "x")).ExitCode);
    }
}
