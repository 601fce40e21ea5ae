using BlueGreen.Platform.Tests.Fixture;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Tests;

public sealed class OutboxTests
{
    [Fact]
    public async Task Publish_Committed_IsConsumedOnce()
    {
        await using var host = await new SampleHost().StartAsync();
        await host.PublishAsync(new Greeting("hello"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);
        Assert.Equal(1, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Publish_RolledBack_IsNeverSent()
    {
        await using var host = await new SampleHost().StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Store.WriteAsync<bool>(async (transaction, token) =>
        {
            await transaction.PublishAsync(new Greeting("never"), token);
            throw new InvalidOperationException("changed my mind");
        }, TestContext.Current.CancellationToken));
        await host.PublishAsync(new Greeting("after"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);
        Assert.Equal(1, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Consumer_Throws_IsRetriedWithAFreshTransaction()
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, call) => call < 3 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
        await host.StartAsync();
        await host.PublishAsync(new Greeting("third time"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);
        Assert.Equal(3, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Consumer_Publishes_ChainsThroughItsOwnTransaction()
    {
        await using var host = await new SampleHost().StartAsync();
        await host.PublishAsync(new Greeting("chain"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 2);
    }

    [Fact]
    public async Task EmbeddedBus_StoppedBeforeConsumption_SendsAgainAtBoot()
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, _) => throw new InvalidOperationException("the process dies before it succeeds");
        await host.StartAsync();
        await host.PublishAsync(new Greeting("survivor"));
        await SampleHost.UntilAsync(() => Task.FromResult(host.Script.Calls.ContainsKey("greeting")));
        await host.StopAsync();
        host.Script.Greeting = (_, _) => Task.CompletedTask;
        await host.StartAsync();
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);
    }

    [Fact]
    public async Task EmbeddedBus_EverythingConsumed_LeavesTheOutboxEmpty()
    {
        await using var host = await new SampleHost().StartAsync();
        await host.PublishAsync(new Greeting("chain"));
        await SampleHost.UntilAsync(() => host.Store.ReadAsync(
            async (db, token) => !await db.Outbox.AnyAsync(token) && await db.Effects.CountAsync(token) == 2,
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Write_InsideAWrite_IsRefusedInsteadOfDeadlocking()
    {
        await using var host = await new SampleHost().StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Store.WriteAsync(async (_, _) =>
        {
            await host.PublishAsync(new Greeting("inner"));
            return true;
        }, TestContext.Current.CancellationToken));
    }
}
