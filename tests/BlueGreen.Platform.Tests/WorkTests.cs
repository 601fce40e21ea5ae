using BlueGreen.Platform.Tests.Fixture;

namespace BlueGreen.Platform.Tests;

public sealed class WorkTests
{
    [Fact]
    public async Task Request_Done_PublishesItsOutcomeOnce()
    {
        await using var host = await new SampleHost().StartAsync();
        await host.PublishAsync(new Dig("garden", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 1);
        await host.PublishAsync(new Dig("garden", 1));
        await host.PublishAsync(new Dig("yard", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 2);
        Assert.Equal(1, host.Script.Calls["dig-garden-1"]);
    }

    [Fact]
    public async Task Request_HigherFence_StopsTheOldRunAndDropsItsOutcome()
    {
        await using var host = new SampleHost();
        var stopped = new TaskCompletionSource();
        host.Script.Digging = async (dig, _, token) =>
        {
            if (dig.Depth != 1) return;
            using var onStop = token.Register(stopped.SetResult);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        await host.StartAsync();
        await host.PublishAsync(new Dig("garden", 1));
        await SampleHost.UntilAsync(() => Task.FromResult(host.Script.Calls.ContainsKey("dig-garden-1")));
        await host.PublishAsync(new Dig("garden", 2));
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-2") == 1);
        await stopped.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await host.CountAsync("dug-1"));
    }

    [Fact]
    public async Task Handler_Throws_IsTriedAgainAndThenGivenUp()
    {
        await using var host = new SampleHost();
        host.Script.Digging = (_, _, _) => throw new InvalidOperationException("rock");
        await host.StartAsync(new() { ["BlueGreen:Work:MaxTries"] = "2" });
        await host.PublishAsync(new Dig("quarry", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("gave-up") == 1);
        Assert.Equal(2, host.Script.Calls["dig-quarry-1"]);
    }

    [Fact]
    public async Task WorkTime_TravelsWithTheOutcomeAndNoFurther()
    {
        await using var host = await new SampleHost().StartAsync();
        await host.PublishAsync(new Dig("announced", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);
        Assert.True(host.Script.Calls.ContainsKey("dug-with-work-time"));
        Assert.False(host.Script.Calls.ContainsKey("greeting-with-work-time"));
    }

    [Fact]
    public async Task Host_Stops_ResumesTheItemAtTheNextStart()
    {
        await using var host = new SampleHost();
        host.Script.Digging = (_, _, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        await host.StartAsync();
        await host.PublishAsync(new Dig("tunnel", 1));
        await SampleHost.UntilAsync(() => Task.FromResult(host.Script.Calls.ContainsKey("dig-tunnel-1")));
        await host.StopAsync();
        host.Script.Digging = (_, _, _) => Task.CompletedTask;
        await host.StartAsync();
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 1);
    }
}
