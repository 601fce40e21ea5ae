using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Tests.Fixture;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Tests;

public sealed class DispatchBusTests(Servers servers)
{
    private static readonly Uri Stuck = new("exchange:stuck");
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The process's bus is well, and yet an exchange confirms nothing: from then on another connection is used, and it works.</summary>
    [Fact]
    public async Task Dispatch_AnExchangeConfirmsNothingThoughTheBusIsWell_GoesOnWithANewBus()
    {
        var settings = await servers.SettingsAsync();
        await using var host = await new SampleHost().StartAsync(settings);
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, Cancelled);
        var clock = new ShiftedClock();
        await using var sender = new DispatchBus(
            bus, Options.Create(new BusOptions { Transport = BusOptions.RabbitMq, Host = settings["BlueGreen:Bus:Host"]! }), clock,
            NullLogger<DispatchBus>.Instance);
        var former = await sender.GetSendEndpointAsync(Stuck);

        sender.Unconfirmed(Stuck);
        await sender.RenewIfStuckAsync(Cancelled);
        Assert.Same(former, await sender.GetSendEndpointAsync(Stuck));
        clock.Shift = TimeSpan.FromSeconds(21);
        await sender.RenewIfStuckAsync(Cancelled);

        var fresh = await sender.GetSendEndpointAsync(Stuck);
        Assert.NotSame(former, fresh);
        await fresh.Send(new Greeting("anew"), Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    [Fact]
    public async Task Dispatch_TheExchangeConfirmsAgainInTime_StaysWithItsBus()
    {
        var settings = await servers.SettingsAsync();
        await using var host = await new SampleHost().StartAsync(settings);
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, Cancelled);
        var clock = new ShiftedClock();
        await using var sender = new DispatchBus(
            bus, Options.Create(new BusOptions { Transport = BusOptions.RabbitMq, Host = settings["BlueGreen:Bus:Host"]! }), clock,
            NullLogger<DispatchBus>.Instance);
        var former = await sender.GetSendEndpointAsync(Stuck);

        sender.Unconfirmed(Stuck);
        sender.Confirmed(Stuck);
        clock.Shift = TimeSpan.FromSeconds(21);
        await sender.RenewIfStuckAsync(Cancelled);

        Assert.Same(former, await sender.GetSendEndpointAsync(Stuck));
    }

    /// <summary>A clock that reads later than it is; its timers are the system's.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
