using BlueGreen.Alerting.Tests.Fixture;
using BlueGreen.Contracts;

namespace BlueGreen.Alerting.Tests;

/// <summary>From a failing model to traffic on blue, through a real Prometheus and a real Alertmanager.</summary>
public sealed class PrometheusTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ErrorRateRule_OnARealPrometheus_TakesTrafficBackToBlueOnce()
    {
        RealSystems.Require(RealSystems.Prometheus, RealSystems.Alertmanager);
        await using var blue = await ModelServer.StartAsync();
        await using var green = await ModelServer.StartAsync();
        await using var scene = await PlatformScene.StartAsync();
        await using var monitoring = await Monitoring.StartAsync(scene.Folder, scene.Control, PlatformScene.Token);
        var first = await scene.SwitchAsync(blue, "v1", 0);
        var receipt = await scene.SwitchAsync(green, "v2", first.Epoch);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var traffic = KeepAskingAsync(scene.Inference, stop.Token);
        green.IsFailing = true;
        var failing = TimeProvider.System.GetTimestamp();

        var reverted = await scene.Heard.NextAsync<TrafficReverted>(news => news.DeploymentId == receipt.DeploymentId, monitoring.Said);

        output.WriteLine($"back on blue {TimeProvider.System.GetElapsedTime(failing).TotalSeconds:0.0} s after the first error, most of it Prometheus's own time");
        Assert.Equal("alarm:alertmanager", reverted.RequestedBy);
        Assert.Contains("of the requests to v2 fail", reverted.Reason, StringComparison.Ordinal);
        Assert.Equal(first.EnvironmentId, reverted.LiveEnvironmentId);
        var raised = await scene.Heard.NextAsync<AlarmRaised>(alarm => alarm.Decision == "reverted");
        Assert.Equal(receipt.EnvironmentId.ToString(), raised.Labels["environment"]);
        using var answer = await scene.Inference.GetAsync("x", Ct);
        Assert.Equal("v1", answer.Headers.GetValues("X-BlueGreen-Model-Version").Single());
        // Green gets no requests any more, so its alert ends: a recovery, which changes nothing.
        await scene.Heard.NextAsync<AlarmRaised>(alarm => alarm.Decision == "ignored: resolved", monitoring.Said);
        Assert.Single(scene.Heard.All<TrafficReverted>());
        await stop.CancelAsync();
        await traffic;
    }

    private static async Task KeepAskingAsync(HttpClient client, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var answer = await client.GetAsync("x", stop);
                await Task.Delay(Pause, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough traffic.
        }
    }
}
