using BlueGreen.Contracts;
using BlueGreen.Tests;

namespace BlueGreen.Prewarmer.Tests;

public sealed class PrewarmerServiceTests
{
    [Fact]
    public async Task Service_CommandArrivesTwice_WarmsOnceAndPublishesTheOutcome()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await ServiceHost.StartAsync<EnvironmentWarmed, WarmingFailed>(new PrewarmerService());
        var command = Warmers.Command(ModelServer.Fleet(server), Warmers.Policy(max: 400));
        await host.PublishAsync(command);
        await host.PublishAsync(command);
        var warmed = Assert.IsType<EnvironmentWarmed>(await host.HearAsync());
        Assert.Equal((command.DeploymentId, command.Attempt), (warmed.DeploymentId, warmed.Attempt));
        Assert.True(await host.HearsNothingAsync(TimeSpan.FromMilliseconds(500)));
        Assert.Equal(warmed.Replicas[0].Requests, server.Requests);
    }
}
