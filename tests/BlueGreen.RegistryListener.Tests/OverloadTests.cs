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

    [Fact]
    public async Task Bodies_MoreThanMayBeInMemory_AreAnswered503()
    {
        await using var host = new ListenerHost
        {
            Settings = new() { ["BlueGreen:RegistryListener:MemoryLimitBytes"] = "1048576", ["BlueGreen:RegistryListener:MaxBodyBytes"] = "1048576" },
        };
        await host.InitializeAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var slow = client.GetStream();
        await slow.WriteAsync(
            "POST /webhooks/generic HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n{"u8.ToArray(),
            TestContext.Current.CancellationToken);

        await Eventually.BecomesTrueAsync(async () => (await Reply.FromAsync(host.Client, new Webhook().ToRequest())).Status == 503);
        client.Close();
        await Eventually.BecomesTrueAsync(async () => (await Reply.FromAsync(host.Client, new Webhook().ToRequest())).Status == 202);
    }
}
