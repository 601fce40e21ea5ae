using System.Net.Sockets;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.DataPlane;

/// <summary>gRPC clients take an error without a message from one frame, or call it an internal one.</summary>
public sealed class GrpcProblemTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/fraud/test.Echo/Echo", "14")]
    [InlineData("/nobody/test.Echo/Echo", "12")]
    public async Task Problem_OfTheRouterItself_IsHeadersThatEndTheStream_AndNoData(string path, string status)
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new());
        using var client = new TcpClient();
        await client.ConnectAsync(router.Http2.Host, router.Http2.Port, Token);

        var frames = await new Http2Wire(client.GetStream()).AskAsync(path, "application/grpc", Token);

        var only = Assert.Single(frames);
        Assert.Equal(Http2Wire.Headers, only.Type);
        Assert.True(only.EndsStream);
        Assert.Contains($"grpc-status\u0002{status}", only.Text, StringComparison.Ordinal);
    }
}
