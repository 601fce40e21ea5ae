using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Tests.Fixture;
using BlueGreen.Platform.Work;
using BlueGreen.Testing.Containers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Tests;

/// <summary>A broker that is there and takes nothing.</summary>
public sealed class BackPressureTests(Servers servers)
{
    private const int Messages = 150;
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_BlocksItsPublishers_TheOutboxHoldsAndEverythingIsConsumedOnceWhenItGoesOn()
    {
        await using var rabbitMq = new RabbitMqServer();
        await rabbitMq.InitializeAsync();
        await AssertHoldsAsync(
            rabbitMq, () => rabbitMq.BlockPublishersAsync(true, Cancelled), () => rabbitMq.BlockPublishersAsync(false, Cancelled));
    }

    [Fact]
    public async Task Broker_IsFrozen_SendsEndAtTheirDeadlineAndEverythingIsConsumedOnceWhenItGoesOn()
    {
        await using var rabbitMq = new RabbitMqServer();
        await rabbitMq.InitializeAsync();
        await AssertHoldsAsync(rabbitMq, () => rabbitMq.PauseAsync(Cancelled), () => rabbitMq.UnpauseAsync(Cancelled));
    }

    private async Task AssertHoldsAsync(RabbitMqServer rabbitMq, Func<Task> block, Func<Task> release)
    {
        await using var host = await new SampleHost().StartAsync(await servers.SettingsAsync(rabbitMq: rabbitMq));
        await host.PublishAsync(new Greeting("before"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
        // The host's own rehearsal goes through the same outbox: its work is done in the transaction that writes its last message.
        await SampleHost.UntilAsync(() => host.Store.ReadAsync((db, token) => db.WorkItems.AnyAsync(item => item.State == WorkState.Done, token), Cancelled));
        await SampleHost.UntilAsync(() => IsEmptyAsync(host));

        await block();
        for (var i = 0; i < Messages; i++) await host.PublishAsync(new Greeting($"{i}"));
        await SampleHost.UntilAsync(
            async () => (await host.ReadyAsync()).Text.Contains("confirmed nothing since", StringComparison.Ordinal), seconds: 60);
        Assert.Equal(Enumerable.Repeat(nameof(Greeting), Messages), await WaitingTypesAsync(host));
        Assert.Equal((Messages, Messages), await WaitingAsync(host));
        Assert.Equal(1, await host.CountAsync("greeted"));

        await release();
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == Messages + 1, seconds: 90);
        var subjects = await host.Store.ReadAsync((db, token) => db.Effects.Select(effect => effect.Subject).ToListAsync(token), Cancelled);
        Assert.Equal(Messages + 1, subjects.Distinct().Count());
        await SampleHost.UntilAsync(() => IsEmptyAsync(host), seconds: 30);
        await SampleHost.UntilAsync(async () => await host.ReadyAsync() is (200, "Healthy"));
    }

    private static Task<bool> IsEmptyAsync(SampleHost host) =>
        host.Store.ReadAsync(async (db, token) => !await db.Outbox.AnyAsync(token), Cancelled);

    /// <summary>Simple names: something that should not wait is named by the failure.</summary>
    private static Task<List<string>> WaitingTypesAsync(SampleHost host) => host.Store.ReadAsync(
        async (db, token) => (await db.Outbox.OrderBy(row => row.Sequence).Select(row => row.MessageTypes).ToListAsync(token))
            .ConvertAll(types => types.Split(';', ',')[0].Split(':', '.', '+')[^1].Trim('"', ']')), Cancelled);

    /// <summary>Rows, and what the gauge says of them.</summary>
    private static async Task<(int Rows, int Gauge)> WaitingAsync(SampleHost host)
    {
        var gauge = 0;
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "bluegreen.outbox.backlog") self.EnableMeasurementEvents(instrument);
        };
        // Other hosts of this process sample too.
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => gauge = Math.Max(gauge, value));
        listener.Start();
        var gauges = host.Services.GetServices<IHostedService>().OfType<DurabilityGauges<SampleDbContext>>().Single();
        await host.Store.ReadAsync(gauges.SampleAsync, Cancelled);
        return (await host.Store.ReadAsync((db, token) => db.Outbox.CountAsync(token), Cancelled), gauge);
    }
}
