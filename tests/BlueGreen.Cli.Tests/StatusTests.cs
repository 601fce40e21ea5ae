using System.Text.Json;

namespace BlueGreen.Cli.Tests;

public sealed class StatusTests
{
    private const string Fraud = """
        {"name":"fraud","path":"/fraud","epoch":"7+revert","revision":4,"live":{"deploymentId":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","model":"fraud","version":"v2"}}
        """;

    [Fact]
    public async Task Status_NoTarget_ListsEndpoints()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints", 200, $"[{Fraud}]");

        var run = await stub.BgAsync("status");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("fraud v2", run.Output, StringComparison.Ordinal);
        Assert.Contains("7+revert", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusJson_PassesThePlatformsAnswerOn()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints/fraud", 200, Fraud);

        var run = await stub.BgAsync("status", "fraud", "--json");

        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Fraud), JsonElement.Parse(run.Output)));
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task Status_UnknownDeployment_IsNotFound()
    {
        await using var stub = await PlatformStub.StartAsync();

        Assert.Equal(ExitCode.NotFound, (await stub.BgAsync("status", Guid.NewGuid().ToString())).ExitCode);
    }
}
