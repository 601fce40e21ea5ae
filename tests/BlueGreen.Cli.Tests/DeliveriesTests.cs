namespace BlueGreen.Cli.Tests;

public sealed class DeliveriesTests
{
    [Fact]
    public async Task Deliveries_AreListedWithTheirReasons()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/deliveries", 200,
            """[{"source":"mlflow","id":"1","receivedAt":"2026-01-31T12:00:00Z","model":"fraud","version":"7","outcome":"ignored","reason":"no endpoint takes it"}]""");

        var run = await stub.BgAsync("deliveries", "--source", "mlflow", "--outcome", "ignored");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("no endpoint takes it", run.Output, StringComparison.Ordinal);
    }
}
