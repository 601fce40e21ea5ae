using System.Text.Json;

namespace BlueGreen.Cli.Tests;

public sealed class ExitCodeTests
{
    private static readonly string Id = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(400, ExitCode.Refused)]
    [InlineData(401, ExitCode.Unauthorised)]
    [InlineData(403, ExitCode.Unauthorised)]
    [InlineData(404, ExitCode.NotFound)]
    [InlineData(409, ExitCode.Conflict)]
    [InlineData(422, ExitCode.Refused)]
    [InlineData(500, ExitCode.Refused)]
    [InlineData(503, ExitCode.Unreachable)]
    public async Task Rollback_Refused_ExitCodeSaysHow(int status, int exitCode)
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"POST /api/v1/deployments/{Id}/rollback", status, """{"title":"No.","detail":"because","field":"reason"}""");

        var run = await stub.BgAsync("rollback", Id, "--reason", "slow");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("reason: because", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Json_Refused_StandardOutputIsOneErrorObject()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints", 503, """{"title":"Try again shortly.","detail":"overload"}""");

        var run = await stub.BgAsync("status", "--json");

        var error = JsonElement.Parse(run.Output).GetProperty("error");
        Assert.Equal(ExitCode.Unreachable, error.GetProperty("exitCode").GetInt32());
        Assert.Equal("overload", error.GetProperty("detail").GetString());
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("rollback", "fraud")]
    [InlineData("promote", "--endpoint", "fraud")]
    [InlineData("nonsense")]
    [InlineData("status", "--server", "not an address")]
    public async Task CommandLine_NotUnderstood_IsUsageAndAsksNothing(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await Commands.BgCommand.RunAsync(args, output, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Usage, code);
        Assert.NotEmpty(error.ToString());
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Status_NobodyListens_IsUnreachableAndNamesTheServer()
    {
        string address;
        await using (var stub = await PlatformStub.StartAsync()) address = stub.Address;
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await Commands.BgCommand.RunAsync(
            ["status", "--server", address], output, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Unreachable, code);
        Assert.Contains(address, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_TokenMissing_SaysHowToGiveOne()
    {
        await using var stub = await PlatformStub.StartAsync();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await Commands.BgCommand.RunAsync(
            ["status", "--server", stub.Address, "--token", "wrong"], output, error, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Unauthorised, code);
        Assert.Contains("BLUEGREEN_TOKEN", error.ToString(), StringComparison.Ordinal);
    }
}
