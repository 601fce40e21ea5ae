using BlueGreen.Platform.Tests.Fixture;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Tests;

public sealed class ConsumerWatchTests(Servers servers)
{
    private const string Queue = "sample-greeting";

    /// <summary>Longer than the sample's queues need to be declared on a busy machine.</summary>
    private const string Patience = "00:00:08";
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The bus stopped behind the platform's back: as deaf as a transport that waits for ever, and as healthy.</summary>
    [Fact]
    public async Task Queues_HaveNoConsumerThoughTheBrokerAnswers_EndTheProcessForItsSupervisor()
    {
        await using var host = await StartAsync();
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, Cancelled);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        // Longer than it may be deaf: with its consumers it stays.
        await HeardForAsync(TimeSpan.FromSeconds(12), lifetime);

        await bus.StopAsync(Cancelled);

        await SampleHost.UntilAsync(() => Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested), seconds: 60);
    }

    /// <summary>Ending for a queue that only an operator can mend would disturb all the others, again and again.</summary>
    [Fact]
    public async Task Queue_ExistsWithOtherArguments_DoesNotEndTheProcess()
    {
        var settings = await servers.SettingsAsync();
        await RawBroker.DeclareAsync(settings, Queue, new() { ["x-queue-type"] = "quorum" });
        settings["BlueGreen:Bus:ConsumerPatience"] = Patience;
        await using var host = await new SampleHost().StartAsync(settings);

        await SampleHost.UntilAsync(async () => (await host.ReadyAsync()).Text.Contains(Queue, StringComparison.Ordinal), seconds: 60);

        await HeardForAsync(TimeSpan.FromSeconds(12), host.Services.GetRequiredService<IHostApplicationLifetime>());
    }

    private static async Task HeardForAsync(TimeSpan time, IHostApplicationLifetime lifetime)
    {
        var since = TimeProvider.System.GetTimestamp();
        await SampleHost.UntilAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(since) > time), seconds: 60);
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
    }

    private async Task<SampleHost> StartAsync()
    {
        var settings = await servers.SettingsAsync();
        settings["BlueGreen:Bus:ConsumerPatience"] = Patience;
        return await new SampleHost().StartAsync(settings);
    }
}
