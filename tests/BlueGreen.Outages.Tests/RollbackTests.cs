using BlueGreen.Testing.Containers;
using BlueGreen.Testing.Processes;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace BlueGreen.Outages.Tests;

/// <summary>
/// I4: a rollback waits for nothing. Whatever is down, an alarm takes traffic back; once it is up again the saga follows, and a switch
/// that comes late changes nothing.
/// </summary>
public sealed class RollbackTests(OutageScene scene, ITestOutputHelper output) : IClassFixture<OutageScene>
{
    private const int Sigkill = 9;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    /// <summary>The promise to users; the figures are in the test's output.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alarm_BrokerStopped_TrafficIsBackAndTheSagaFollowsOnceItIsUp()
    {
        ContainerEngine.Require();
        using var client = new Client(scene.Platform, OutageScene.Bus);
        await scene.Broker.StopAsync(Ct);
        try
        {
            await TakesTrafficBackAsync(client, OutageScene.Bus);
        }
        finally
        {
            await scene.Broker.StartAsync(Ct);
        }

        await FollowsAsync(client, OutageScene.Bus);
    }

    [Fact]
    public async Task Alarm_OrchestratorKilled_TrafficIsBackAndTheSagaFollowsOnceItIsUp()
    {
        ContainerEngine.Require();
        using var client = new Client(scene.Platform, OutageScene.Saga);
        scene.Platform.Signal(ServiceProgram.Orchestrator, Sigkill);
        await scene.Platform.WaitAsync(ServiceProgram.Orchestrator, Ct);
        try
        {
            await TakesTrafficBackAsync(client, OutageScene.Saga);
        }
        finally
        {
            scene.Platform.Start(ServiceProgram.Orchestrator);
            await scene.Platform.UntilReadyAsync(ServiceProgram.Orchestrator, StartLimit, Ct);
        }

        await FollowsAsync(client, OutageScene.Saga);
    }

    [Fact]
    public async Task Alarm_DatabaseStopped_TrafficIsBackTheAlarmAnswered503AndTheSagaFollowsOnceItIsUp()
    {
        ContainerEngine.Require();
        using var client = new Client(scene.Platform, OutageScene.Store);
        await scene.Database.StopAsync(Ct);
        try
        {
            var status = await TakesTrafficBackAsync(client, OutageScene.Store);
            Assert.Equal(503, status);
        }
        finally
        {
            await scene.Database.StartAsync(Ct);
        }

        await FollowsAsync(client, OutageScene.Store);
    }

    [Fact]
    public async Task Alarm_OneRouterPaused_TheOtherTakesTrafficBackAndThePausedOneFollows()
    {
        ContainerEngine.Require();
        var (green, blue) = OutageScene.VersionsOf(OutageScene.Replica);
        var paused = scene.Platform.InferenceOf(PlatformProcesses.SecondRouter);
        using var client = new Client(scene.Platform, OutageScene.Replica);
        Assert.Equal(green, await client.AskAsync(paused, Ct));
        scene.Platform.Signal(PlatformProcesses.SecondRouter, Sigstop);
        try
        {
            await TakesTrafficBackAsync(client, OutageScene.Replica);
        }
        finally
        {
            scene.Platform.Signal(PlatformProcesses.SecondRouter, Sigcont);
        }

        await FollowsAsync(client, OutageScene.Replica);
        while (await client.AskAsync(paused, Ct) != blue) await Task.Yield();
        Assert.Equal(blue, await client.AskAsync(paused, Ct));
    }

    private async Task<int> TakesTrafficBackAsync(Client client, string endpoint)
    {
        var (green, blue) = OutageScene.VersionsOf(endpoint);
        Assert.Equal(green, await client.AskAsync(scene.Platform.Inference, Ct));
        var (back, status) = await client.RaiseAsync(scene.Platform.Inference, blue, Ct);
        output.WriteLine($"traffic was back after {back.TotalMilliseconds:0} ms; the alarm was answered {status}");
        Assert.InRange(back, TimeSpan.Zero, Limit);
        return status;
    }

    private async Task FollowsAsync(Client client, string endpoint)
    {
        var (_, blue) = OutageScene.VersionsOf(endpoint);
        Assert.True(await scene.ReachesAsync(endpoint, "RolledBack", Ct), "the saga did not follow");
        await LateSwitch.SendAndAwaitAnswerAsync(scene.Tap, scene.DeploymentOf(endpoint), Ct);
        Assert.Equal(blue, await client.AskAsync(scene.Platform.Inference, Ct));
    }
}
