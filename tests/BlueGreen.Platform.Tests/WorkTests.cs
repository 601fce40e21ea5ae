using BlueGreen.Platform.Tests.Fixture;
using BlueGreen.Platform.Work;

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
    public async Task Request_MoreThanThereArePlacesFor_AllAreDoneWithoutWaitingForAPoll()
    {
        await using var host = await new SampleHost().StartAsync(new() { ["BlueGreen:Work:Poll"] = "00:05:00" });
        await host.Store.WriteAsync(async (transaction, token) =>
        {
            for (var i = 0; i < 23; i++) await transaction.Work.RequestAsync(new Dig($"hole {i}", 1), $"hole {i}", 1, token);
            return true;
        }, TestContext.Current.CancellationToken);
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 23);
    }

    [Fact]
    public async Task Request_InATransactionThatFails_GivesItsPlaceBack()
    {
        const int Places = 4;
        await using var host = new SampleHost();
        using var together = new CountdownEvent(Places);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Script.Digging = (_, _, token) =>
        {
            if (together.Signal()) all.SetResult();
            return all.Task.WaitAsync(token);
        };
        await host.StartAsync();
        for (var i = 0; i < 2 * Places; i++) await Assert.ThrowsAsync<InvalidDataException>(() => DigThenAsync(host, $"lost {i}", true));
        for (var i = 0; i < Places; i++) await DigThenAsync(host, $"kept {i}", false);
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == Places);
    }

    private static Task<bool> DigThenAsync(SampleHost host, string place, bool fails) => host.Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.Work.RequestAsync(new Dig(place, 1), place, 1, token);
        return fails ? throw new InvalidDataException(place) : true;
    }, TestContext.Current.CancellationToken);

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
    public async Task Command_ThatCannotBeRead_IsTriedAgainAndThenDoneWithItsError()
    {
        await using var host = await new SampleHost().StartAsync(new() { ["BlueGreen:Work:MaxTries"] = "2" });
        var now = TimeProvider.System.GetUtcNow();
        await host.Store.WriteAsync((transaction, _) =>
        {
            transaction.Db.Add(new WorkItem
            {
                Kind = WorkKind.Of<Dig>(),
                Subject = "swamp",
                State = WorkState.Pending,
                Command = "not JSON",
                RequestedAt = now,
                DueAt = now,
            });
            return Task.FromResult(true);
        }, TestContext.Current.CancellationToken);

        WorkItem? item = null;
        await SampleHost.UntilAsync(async () => (item = await host.FindWorkAsync("swamp")).State == WorkState.Done);
        Assert.Equal(2, item!.Tries);
        Assert.NotEmpty(item.LastError!);
    }

    [Fact]
    public async Task Heartbeat_FailsForLessThanTheLease_LetsTheWorkGoOn()
    {
        await using var host = new SampleHost();
        host.Script.Digging = async (_, _, token) =>
        {
            await host.HideWorkAsync();
            try
            {
                // Past the first renewal, well before the end of the lease.
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, token);
            }
            finally
            {
                await host.ShowWorkAsync();
            }
        };
        await host.StartAsync(new() { ["BlueGreen:Work:Lease"] = "00:00:05" });
        await host.PublishAsync(new Dig("cellar", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 1);
        Assert.Equal(1, host.Script.Calls["dig-cellar-1"]);
    }

    [Fact]
    public async Task Heartbeat_FailsUntilTheLeaseHasRunOut_StopsTheWork()
    {
        await using var host = new SampleHost();
        host.Script.Digging = async (_, _, token) =>
        {
            if (host.Script.Calls["dig-cellar-1"] > 1) return;
            await host.HideWorkAsync();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
            finally
            {
                await host.ShowWorkAsync();
            }
        };
        await host.StartAsync();
        await host.PublishAsync(new Dig("cellar", 1));
        await SampleHost.UntilAsync(async () => await host.CountAsync("dug-1") == 1);
        Assert.Equal(2, host.Script.Calls["dig-cellar-1"]);
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
