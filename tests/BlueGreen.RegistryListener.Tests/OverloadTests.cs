using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests;

public sealed class OverloadTests
{
    [Fact]
    public async Task Webhooks_MoreThanMayWait_AreAnswered503AndComeAgain()
    {
        await using var host = new ListenerHost { Settings = new() { ["BlueGreen:RegistryListener:QueueLimit"] = "2" } };
        await host.InitializeAsync();
        var webhooks = Enumerable.Range(0, 200).Select(_ => new Webhook()).ToList();

        var replies = await Task.WhenAll(webhooks.Select(webhook => Reply.FromAsync(host.Client, webhook.ToRequest())));

        Assert.All(replies, reply => Assert.True(reply.Status is 202 or 503, $"{reply.Status}"));
        Assert.All(replies.Where(reply => reply.Status == 503), reply => Assert.NotNull(reply.Headers.RetryAfter));
        Assert.Contains(replies, reply => reply.Status == 202);
        foreach (var webhook in webhooks)
            await Eventually.BecomesTrueAsync(async () => (await Reply.FromAsync(host.Client, webhook.ToRequest())).Status == 202);
        Assert.Equal(200, await host.DeliveriesAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bodies_MoreThanMayBeInMemory_AreAnswered503UntilTheSlowSenderIsGone(bool resets)
    {
        await using var host = new ListenerHost
        {
            Settings = new() { ["BlueGreen:RegistryListener:MemoryLimitBytes"] = "1048576", ["BlueGreen:RegistryListener:MaxBodyBytes"] = "1048576" },
        };
        await host.InitializeAsync();
        // More than once: what one sender keeps would be missing for good.
        for (var round = 0; round < 5; round++)
        {
            using var slow = await HoldAllAsync(host, resets);
            slow.Close();
            var last = 0;
            await Eventually.BecomesTrueAsync(
                async () => (last = (await Reply.FromAsync(host.Client, new Webhook().ToRequest())).Status) == 202, () => $"It still answers {last} in round {round}.");
        }
    }

    /// <summary>
    /// A sender that takes all there is. It needs it to be free, so that a good webhook under way can turn it away itself: then the next tries.
    /// </summary>
    private static async Task<System.Net.Sockets.TcpClient> HoldAllAsync(ListenerHost host, bool resets)
    {
        System.Net.Sockets.TcpClient? slow = null;
        await Eventually.BecomesTrueAsync(async () =>
        {
            slow?.Dispose();
            slow = await SendHeadersAsync(host, resets);
            return (await Reply.FromAsync(host.Client, new Webhook().ToRequest())).Status == 503;
        });
        return slow!;
    }

    /// <summary>Announces a body as large as all of them may be, and sends the first byte of it.</summary>
    private static async Task<System.Net.Sockets.TcpClient> SendHeadersAsync(ListenerHost host, bool resets)
    {
        var client = new System.Net.Sockets.TcpClient();
        if (resets) client.LingerState = new System.Net.Sockets.LingerOption(enable: true, seconds: 0);
        await client.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            "POST /webhooks/generic HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n{"u8.ToArray(),
            TestContext.Current.CancellationToken);
        return client;
    }
}
