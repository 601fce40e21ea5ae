using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests;

public sealed class WebhookUnavailableTests
{
    [Fact]
    public async Task Promotion_WithTheDatabaseGone_IsNotAcknowledged()
    {
        await using var host = new ListenerHost();
        await host.InitializeAsync();
        await host.LoseDatabaseAsync();

        var reply = await Reply.FromAsync(host.Client, new Webhook().ToRequest());

        Assert.Equal(503, reply.Status);
        Assert.NotNull(reply.Headers.RetryAfter);
        Assert.Empty(host.Promotions.All);
    }
}
