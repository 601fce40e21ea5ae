using System.Net;
using BlueGreen.ModelServer.Training;

namespace BlueGreen.ModelServer.Serving;

public sealed class LifecycleTests(TrainedReleases releases)
{
    [Fact]
    public async Task ColdStart_IsLiveAtOnceAndReadyOnlyOnceTheModelIsLoaded()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.ListenAsync(releases.ModelFile(4), ct);

        using var ready = await server.Client.GetAsync("/v2/health/ready", ct);
        using var live = await server.Client.GetAsync("/v2/health/live", ct);
        using var tooEarly = await server.Client.GetAsync("/v2/models/fraud", ct);
        await server.WaitUntilReadyAsync(ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, tooEarly.StatusCode);
    }

    [Theory]
    [InlineData("golden.jsonl")]
    [InlineData("no-such-file.zip")]
    public async Task ModelThatCannotBeLoaded_EndsTheProcessWithAReason(string file)
    {
        var ct = TestContext.Current.CancellationToken;
        using var process = ServerProcess.Start("--model", Path.Combine(releases.Directory, file), "--port", "0");

        var errors = process.StandardError.ReadToEndAsync(ct);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains(file, output + await errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "0")]
    [InlineData("--model", "x.zip")]
    [InlineData("--model", "x.zip", "--port", "70000")]
    [InlineData("--model", "x.zip", "--port")]
    [InlineData("--model", "x.zip", "--port", "0", "--colour", "green")]
    public void Arguments_NotUnderstood_AreRefused(params string[] arguments) => Assert.Null(ServeArguments.Parse(arguments));

    [Fact]
    public void Arguments_HostIsLoopbackUnlessSaid() =>
        Assert.Equal(
            new ServeArguments("x.zip", "127.0.0.1", 8080), ServeArguments.Parse(["--model", "x.zip", "--port", "8080"]));
}
