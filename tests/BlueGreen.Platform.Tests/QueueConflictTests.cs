using BlueGreen.Platform.Tests.Fixture;

namespace BlueGreen.Platform.Tests;

public sealed class QueueConflictTests(Servers servers)
{
    private const string Queue = "sample-greeting";

    [Fact]
    public async Task Queue_DeclaredByAnOlderVersionWithOtherArguments_IsNamedUntilItIsDeletedAndThenUsed()
    {
        var settings = await servers.SettingsAsync();
        await RawBroker.DeclareAsync(settings, Queue, new() { ["x-queue-type"] = "quorum" });
        await using var host = await new SampleHost().StartAsync(settings);
        await host.PublishAsync(new Greeting("patience"));

        var (status, text) = (0, "");
        await SampleHost.UntilAsync(async () =>
        {
            (status, text) = await host.ReadyAsync();
            return text.Contains(Queue, StringComparison.Ordinal) && text.Contains("x-delivery-limit", StringComparison.Ordinal);
        }, seconds: 60);
        Assert.Equal(503, status);
        Assert.Contains("docs/operations.md", text, StringComparison.Ordinal);

        await RawBroker.DeleteAsync(settings, Queue);
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1, seconds: 90);
        await SampleHost.UntilAsync(async () => await host.ReadyAsync() is (200, "Healthy"), seconds: 30);
    }
}
