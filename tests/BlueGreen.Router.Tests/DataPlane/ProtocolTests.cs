using System.Net;
using System.Net.WebSockets;
using System.Text;
using BlueGreen.Router.Tests.Support;
using BlueGreen.Router.Windows;
using Grpc.Core;
using Grpc.Net.Client;

namespace BlueGreen.Router.Tests.DataPlane;

public sealed class ProtocolTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServerSentEvents_ArriveOneByOne_NotWhenTheAnswerIsComplete()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        var seen = new SemaphoreSlim(0);
        server.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var token = 0; token < 3; token++)
            {
                await context.Response.WriteAsync($"data: {token}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                // The next one is not sent before the client has this one.
                await seen.WaitAsync(context.RequestAborted);
            }
        };
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, server);

        using var answer = await router.Inference.GetAsync("/fraud/stream", HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        for (var token = 0; token < 3; token++)
        {
            Assert.Equal($"data: {token}", await reader.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token));
            Assert.Equal("", await reader.ReadLineAsync(Token));
            seen.Release();
        }

        Assert.Null(await reader.ReadLineAsync(Token));
    }

    [Fact]
    public async Task WebSocket_TalksBothWays_AndOutlivesASwitch()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        blue.Answer = EchoAsync;
        await using var router = await RouterHost.StartAsync(data);
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(router.Inference.BaseAddress!) { Scheme = "ws", Path = "/fraud/socket" }.Uri, Token);

        Assert.Equal("one", await TalkAsync(socket, "one"));
        await router.SwitchAsync(Guid.NewGuid(), first.Epoch, green);
        Assert.Equal("two", await TalkAsync(socket, "two"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
    }

    [Fact]
    public async Task Http2_IsSpokenWithClients_WhateverTheModelServerSpeaks()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, server);
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var answer = await client.PostAsync(new Uri(router.Http2, "/fraud/infer"), new ByteArrayContent(new byte[1000]), Token);

        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Equal("v1", answer.Headers.GetValues("X-BlueGreen-Model-Version").Single());
        Assert.Contains("\"body\":\"1000\"", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grpc_CallsConversationsAndErrors_PassWithTheirTrailers()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1", isGrpc: true);
        await using var router = await RouterHost.StartAsync(data);
        await router.PublishAsync(Commands.Configure("/", 1));
        await Eventually.TrueAsync(() => router.Table.Current.TryMatch("/", out _));
        using var channel = GrpcChannel.ForAddress(router.Http2);
        var calls = channel.CreateCallInvoker();
        var early = await Assert.ThrowsAsync<RpcException>(async () => await EchoAsync(calls, [1]));
        Assert.Equal(StatusCode.Unavailable, early.StatusCode);
        await router.SwitchAsync(Guid.NewGuid(), 0, server);

        Assert.Equal([1, 2, 3], await EchoAsync(calls, [1, 2, 3]));
        var failed = await Assert.ThrowsAsync<RpcException>(
            async () => await calls.AsyncUnaryCall(EchoBase.FailMethod, null, new CallOptions(cancellationToken: Token), [0]));
        Assert.Equal((StatusCode.Internal, "as asked"), (failed.StatusCode, failed.Status.Detail));
        using var talk = calls.AsyncDuplexStreamingCall(EchoBase.TalkMethod, null, new CallOptions(cancellationToken: Token));
        for (byte word = 0; word < 3; word++)
        {
            await talk.RequestStream.WriteAsync([word], Token);
            Assert.True(await talk.ResponseStream.MoveNext(Token));
            Assert.Equal([word], talk.ResponseStream.Current);
        }

        await talk.RequestStream.CompleteAsync();
        Assert.False(await talk.ResponseStream.MoveNext(Token));
        var window = router.Table.Current.Entries.Single().Serving!.Window;
        await Eventually.TrueAsync(() => Lately(window).Requests == 3);
        Assert.Equal(1, Lately(window).Errors);
    }

    private static WindowSum Lately(TrafficWindow window)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return window.Sum(now - 100, now + 1);
    }

    private static async Task<byte[]> EchoAsync(CallInvoker calls, byte[] bytes) =>
        await calls.AsyncUnaryCall(EchoBase.EchoMethod, null, new CallOptions(cancellationToken: Token), bytes);

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } received)
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private static async Task<string> TalkAsync(WebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Token);
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer, Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }
}
