using BlueGreen.Platform.Tests.Fixture;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Tests;

public sealed class ConsumerWatchTests(Servers servers)
{
    private const string Queue = "sample-greeting";
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The bus stopped behind the platform's back: as deaf as a transport that waits for ever, and as healthy.</summary>
    [Fact]
    public async Task Queues_HaveNoConsumerThoughTheBrokerAnswers_AreConsumedAgainByThemselves()
    {
        await using var host = await StartAsync();
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, Cancelled);

        await bus.StopAsync(Cancelled);
        await host.PublishAsync(new Greeting("deaf"));

        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 60);
        await SampleHost.UntilAsync(async () => await host.ReadyAsync() is (200, "Healthy"), seconds: 30);
    }

    /// <summary>Restarting the bus for a queue that only an operator can mend would disturb all the others, again and again.</summary>
    [Fact]
    public async Task Queue_ExistsWithOtherArguments_DoesNotRestartTheBus()
    {
        var settings = await servers.SettingsAsync();
        await RawBroker.DeclareAsync(settings, Queue, new() { ["x-queue-type"] = "quorum" });
        settings["BlueGreen:Bus:ConsumerPatience"] = "00:00:02";
        var stopped = 0;
        await using var host = await new SampleHost().StartAsync(settings);
        using var counting = host.Services.GetRequiredService<IBusControl>().ConnectReceiveEndpointObserver(new Stops(() => stopped++));

        await SampleHost.UntilAsync(async () => (await host.ReadyAsync()).Text.Contains(Queue, StringComparison.Ordinal), seconds: 60);
        var conflicted = TimeProvider.System.GetTimestamp();
        await SampleHost.UntilAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(conflicted) > TimeSpan.FromSeconds(6)));

        Assert.Equal(0, stopped);
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    private async Task<SampleHost> StartAsync()
    {
        var settings = await servers.SettingsAsync();
        settings["BlueGreen:Bus:ConsumerPatience"] = "00:00:02";
        return await new SampleHost().StartAsync(settings);
    }

    private sealed class Stops(Action stopping) : IReceiveEndpointObserver
    {
        public Task Stopping(ReceiveEndpointStopping stopped)
        {
            stopping();
            return Task.CompletedTask;
        }

        public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;
        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;
        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }
}
