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

    [Fact]
    public async Task Service_PayloadsCannotBeHad_GivesUpWithoutAVerdictOnTheEnvironment()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await ServiceHost.StartAsync<MessageFaulted, WarmingFailed>(new PrewarmerService(), new()
        {
            ["BlueGreen:Services:OrchestratorUrl"] = "http://127.0.0.1:9/",
            ["BlueGreen:Work:MaxTries"] = "1",
        });
        var payloads = new BlobReference { Sha256 = new string('0', 64), Name = "golden.jsonl" };
        var command = Warmers.Command(ModelServer.Fleet(server), Warmers.Policy() with { Payloads = payloads });
        await host.PublishAsync(command);
        var fault = Assert.IsType<MessageFaulted>(await host.HearAsync());
        Assert.Equal((nameof(WarmEnvironment), command.DeploymentId, false), (fault.MessageType, fault.DeploymentId!.Value, fault.IsAnswered));
    }
}
