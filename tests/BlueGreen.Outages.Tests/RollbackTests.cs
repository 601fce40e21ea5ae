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
    public async Task Alarm_BrokerStopped_TrafficIsBackAndTheSagaFollowsOnceItIsUp() => await RollsBackWithoutAsync(
        OutageScene.Bus, () => scene.Broker.StopAsync(Ct), () => scene.Broker.StartAsync(Ct));

    [Fact]
    public async Task Alarm_OrchestratorKilled_TrafficIsBackAndTheSagaFollowsOnceItIsUp() => await RollsBackWithoutAsync(
        OutageScene.Saga,
        () =>
        {
            scene.Platform.Signal(ServiceProgram.Orchestrator, Sigkill);
            return scene.Platform.WaitAsync(ServiceProgram.Orchestrator, Ct);
        },
        () =>
        {
            scene.Platform.Start(ServiceProgram.Orchestrator);
            return scene.Platform.UntilReadyAsync(ServiceProgram.Orchestrator, StartLimit, Ct);
        });

    [Fact]
    public async Task Alarm_DatabaseStopped_TrafficIsBackTheAlarmAnswered503AndTheSagaFollowsOnceItIsUp() => Assert.Equal(
        503, await RollsBackWithoutAsync(OutageScene.Store, () => scene.Database.StopAsync(Ct), () => scene.Database.StartAsync(Ct)));

    [Fact]
    public async Task Alarm_OneRouterPaused_TheOtherTakesTrafficBackAndThePausedOneFollows()
    {
        ContainerEngine.Require();
        var (green, blue) = OutageScene.VersionsOf(OutageScene.Replica);
        var paused = scene.Platform.InferenceOf(PlatformProcesses.SecondRouter);
        using var client = new Client(scene.Platform, OutageScene.Replica);
        Assert.Equal(green, await client.AskAsync(paused, Ct));
        await RollsBackWithoutAsync(OutageScene.Replica, () => SignalSecondRouterAsync(Sigstop), () => SignalSecondRouterAsync(Sigcont));
        while (await client.AskAsync(paused, Ct) != blue) await Task.Yield();
        Assert.Equal(blue, await client.AskAsync(paused, Ct));
    }

    private Task SignalSecondRouterAsync(int signal)
    {
        scene.Platform.Signal(PlatformProcesses.SecondRouter, signal);
        return Task.CompletedTask;
    }

    /// <returns>How the alarm was answered.</returns>
    private async Task<int> RollsBackWithoutAsync(string endpoint, Func<Task> takeDown, Func<Task> bringBack)
    {
        ContainerEngine.Require();
        using var client = new Client(scene.Platform, endpoint);
        await takeDown();
        int status;
        try
        {
            status = await TakesTrafficBackAsync(client, endpoint);
        }
        finally
        {
            await bringBack();
        }

        await FollowsAsync(client, endpoint);
        return status;
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
