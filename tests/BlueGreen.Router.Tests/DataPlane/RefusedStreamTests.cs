using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Tests.Support;
using Grpc.Core;
using Grpc.Net.Client;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Tests.DataPlane;

/// <summary>Calls that a gRPC server says it has not begun with are given to another one, or sent to it once more, whole.</summary>
public sealed class RefusedStreamTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefusedCall_IsAnsweredByAnotherReplica_AndItsClientDoesNotNotice()
    {
        await using var refusing = new RefusingServer(Refusal.Stream);
        await using var good = await ModelServer.StartAsync("v1", isGrpc: true);
        using var data = new TemporaryDirectory();
        await using var router = await StartAsync(data, refusing.Address, good.Address);
        using var channel = GrpcChannel.ForAddress(router.Http2);
        var message = new byte[5000];
        Random.Shared.NextBytes(message);

        for (var calls = 0; calls < 50 && refusing.Refused < 3; calls++) Assert.Equal(message, await EchoAsync(channel, message));

        Assert.Equal(3, refusing.Refused);
    }

    [Fact]
    public async Task CallThatAGoodbyeLeavesOut_IsSentToTheOnlyReplicaOnceMore_WithItsWholeBody()
    {
        await using var server = new RefusingServer(Refusal.Goodbye);
        using var data = new TemporaryDirectory();
        await using var router = await StartAsync(data, server.Address);
        using var channel = GrpcChannel.ForAddress(router.Http2);

        Assert.Equal([1, 2, 3], await EchoAsync(channel, [1, 2, 3]));

        Assert.Equal(1, server.Refused);
        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], Assert.Single(server.Answered));
    }

    /// <summary>What can no longer be sent whole is an error, never half a message.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(RewindableBody.MostBytes, true)]
    [InlineData(RewindableBody.MostBytes + 1, false)]
    public async Task RefusedCall_IsSentOnceMore_OnlyWithAllThatWasReadOfIt(int read, bool isSentOnceMore)
    {
        var bytes = new byte[RewindableBody.MostBytes * 2];
        Random.Shared.NextBytes(bytes);
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Features.Set<IForwarderErrorFeature>(new Failure(new HttpRequestException("", new UnprocessedException())));
        await using var body = new RewindableBody(context);
        var (first, second) = (new byte[read], new byte[bytes.Length]);
        await body.ReadExactlyAsync(first, Token);

        Assert.Equal(isSentOnceMore ? RequestFate.Refused : RequestFate.Unknown, RetryRule.FateOf(context));

        if (!isSentOnceMore) return;
        await body.ReadExactlyAsync(second, Token);
        Assert.Equal(bytes, second);
        Assert.Equal(0, await body.ReadAsync(second, Token));
    }

    [Fact]
    public void CallThatFailedOtherwise_IsNotSentTwice()
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IForwarderErrorFeature>(new Failure(new HttpRequestException(HttpRequestError.ResponseEnded, "", new IOException())));
        Assert.Equal(RequestFate.Unknown, RetryRule.FateOf(context));
    }

    private static async Task<RouterHost> StartAsync(TemporaryDirectory data, params Uri[] replicas)
    {
        // They do not speak HTTP/1.1, in which their health would be asked for.
        var router = await RouterHost.StartAsync(data, ("BlueGreen:Router:HealthInterval", "00:05:00"));
        await router.PublishAsync(Commands.Configure("/", 1));
        await Eventually.TrueAsync(() => router.Table.Current.TryMatch("/", out _));
        var deployment = Guid.NewGuid();
        await router.PublishAsync(Commands.Switch(deployment, 0, "v1", "open-inference-v2-grpc", replicas));
        await router.Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == deployment);
        return router;
    }

    private static async Task<byte[]> EchoAsync(GrpcChannel channel, byte[] message) => await channel.CreateCallInvoker()
        .AsyncUnaryCall(EchoBase.EchoMethod, null, new CallOptions(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20), cancellationToken: Token), message);

    private sealed record Failure(Exception? Exception) : IForwarderErrorFeature
    {
        public ForwarderError Error => ForwarderError.Request;
    }
}
