using System.Net.Sockets;
using System.Text;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms;

namespace BlueGreen.Rollback.Tests;

/// <summary>Bodies of senders that have yet to show who they are.</summary>
public sealed class AlarmOverloadTests
{
    private const int Largest = 1024 * 1024;

    private static readonly Dictionary<string, string?> Limits = new()
    {
        ["BlueGreen:Rollback:MaxBodyBytes"] = $"{Largest}",
        ["BlueGreen:Rollback:MemoryLimitBytes"] = $"{Largest}",
    };

    private static string Recovery => Encoding.UTF8.GetString(AlarmPayload.Find("grafana", "resolved--one").Body);

    [Theory]
    [InlineData("Content-Length: 1048576")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Bodies_MoreThanMayBeInMemory_AreAnswered503AndTakeNoRoomFromWhoHasAToken(string length)
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(Limits, router.Address);

        using var slow = await HoldAllAsync(host, length);
        Assert.Equal(202, (await host.SendAsync(RollbackHost.Alarm("resolved"))).Status);
        slow.Close();

        await Eventually.BecomesTrueAsync(async () => (await host.SendAsync("grafana", Recovery)).Status == 202);
    }

    [Fact]
    public async Task Sender_WithoutTheToken_IsAnsweredBeforeItsBodyIsRead()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(Limits, router.Address);

        using var stranger = await ConnectAsync(host, "generic", "Content-Length: 1048576");
        var answer = new byte[12];
        await stranger.GetStream().ReadExactlyAsync(answer, TestContext.Current.CancellationToken);

        Assert.Equal("HTTP/1.1 401", Encoding.ASCII.GetString(answer));
    }

    /// <summary>A sender that takes all there is. A good request under way can turn it away itself: then the next tries.</summary>
    private static async Task<TcpClient> HoldAllAsync(RollbackHost host, string length)
    {
        TcpClient? slow = null;
        await Eventually.BecomesTrueAsync(async () =>
        {
            slow?.Dispose();
            slow = await ConnectAsync(host, "grafana", length);
            return await host.SendAsync("grafana", Recovery) is { Status: 503, SaysWhenToRetry: true };
        });
        return slow!;
    }

    /// <summary>Sends the headers and nothing of the body.</summary>
    private static async Task<TcpClient> ConnectAsync(RollbackHost host, string source, string length)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Client.BaseAddress!.Host, host.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /alarms/{source} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{length}\r\n\r\n"),
            TestContext.Current.CancellationToken);
        return client;
    }
}
