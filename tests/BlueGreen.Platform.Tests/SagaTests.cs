using BlueGreen.Platform.Tests.Fixture;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Tests;

public sealed class SagaTests
{
    [Fact]
    public async Task Deadline_Reached_FiresOnce()
    {
        await using var host = await new SampleHost().StartAsync();
        var id = Guid.NewGuid();
        await host.PublishAsync(new OrderPlaced(id, TimeSpan.FromMilliseconds(200)));
        await SampleHost.UntilAsync(async () => await host.OrderStateAsync(id) == "Expired");
    }

    [Fact]
    public async Task Deadline_ProcessRestartsMeanwhile_StillFires()
    {
        await using var host = await new SampleHost().StartAsync();
        var id = Guid.NewGuid();
        await host.PublishAsync(new OrderPlaced(id, TimeSpan.FromSeconds(2)));
        await SampleHost.UntilAsync(async () => await host.OrderStateAsync(id) == "Open");
        await host.StopAsync();
        await host.StartAsync();
        await SampleHost.UntilAsync(async () => await host.OrderStateAsync(id) == "Expired");
    }

    [Fact]
    public async Task Deadline_Cancelled_LeavesNoRow()
    {
        await using var host = await new SampleHost().StartAsync();
        var id = Guid.NewGuid();
        await host.PublishAsync(new OrderPlaced(id, TimeSpan.FromHours(1)));
        await SampleHost.UntilAsync(async () => await host.OrderStateAsync(id) == "Open");
        await host.PublishAsync(new OrderPaid(id));
        await SampleHost.UntilAsync(async () => await host.OrderStateAsync(id) == "Closed");
        Assert.Equal(0, await host.Store.ReadAsync(
            (db, token) => db.Outbox.CountAsync(row => row.ScheduleToken != null, token), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Events_Concurrent_AreAllCounted()
    {
        await using var host = await new SampleHost().StartAsync();
        var id = Guid.NewGuid();
        await host.PublishAsync(new OrderPlaced(id, TimeSpan.FromHours(1)));
        await SampleHost.UntilAsync(async () => await host.OrderStateAsync(id) == "Open");
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.PublishAsync(new OrderTicked(id))));
        await SampleHost.UntilAsync(() => host.Store.ReadAsync(
            async (db, token) => (await db.Orders.SingleAsync(token)).Ticks == 50, TestContext.Current.CancellationToken));
    }
}
