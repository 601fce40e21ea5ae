using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Tests.Support;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Tests.Direct;

public sealed class DirectAnswerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private const string Json = "{\"outputs\":[{\"name\":\"s\",\"datatype\":\"FP64\",\"shape\":[2],\"data\":[0.5,null]}]}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_PassesWithItsHeaders_LessThoseThatAreBetweenNeighbours(bool isDirect)
    {
        await using var server = RawServer.Saying(
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-One: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=5\r\n" +
            "Proxy-Authenticate: x\r\nConnection: keep-alive\r\nDate: Mon, 23 Nov 2026 14:00:00 GMT\r\nContent-Length: 2\r\n\r\n{}");
        await using var scene = await DirectScene.StartAsync(isDirect, null, server.Address);

        using var answer = await scene.PostAsync("{\"a\":1}");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal("1", answer.Headers.GetValues("X-One").Single());
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal("v1", answer.Headers.GetValues("X-BlueGreen-Model-Version").Single());
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero), answer.Headers.Date);
        Assert.False(answer.Headers.Contains("Keep-Alive") || answer.Headers.Contains("Proxy-Authenticate"));
    }

    [Fact]
    public async Task Answer_NominatedHeadersStayBehind_AndInterimAnswersToo()
    {
        await using var server = RawServer.Saying(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
            "HTTP/1.1 200 OK\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nContent-Length: 1\r\n\r\na");
        await using var scene = await DirectScene.StartAsync(server.Address);

        using var answer = await scene.PostAsync();

        Assert.Equal("a", await answer.Content.ReadAsStringAsync(Token));
        Assert.False(answer.Headers.Contains("X-Hop") || answer.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Answer_InPiecesOfAnySize_IsWhole_AndItsNullPredictionIsSeen(int step)
    {
        var text = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{Json[..16]}\r\n{Json.Length - 16:X}\r\n{Json[16..]}\r\n0\r\n\r\n";
        await using var server = new RawServer(async call =>
        {
            foreach (var piece in text.Chunk(step)) await call.SayAsync(new string(piece));
        });
        await using var scene = await DirectScene.StartAsync(server.Address);

        for (var i = 0; i < 3; i++)
        {
            using var answer = await scene.PostAsync();
            Assert.Equal(Json, await answer.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal(1, server.Connections);
        var window = scene.Router.Table.Current.Entries.Single().Serving!.Window;
        await Eventually.TrueAsync(() => Lately(window).NullPredictions == 3);
    }

    [Fact]
    public async Task Answer_OfOneMegabyte_IsWhole()
    {
        var body = string.Concat(Enumerable.Range(0, 1 << 17).Select(number => $"{number:x8}"));
        await using var server = new RawServer(call => call.SayAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await using var scene = await DirectScene.StartAsync(server.Address);

        using var answer = await scene.PostAsync();

        Assert.Equal(body, await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public async Task Answer_WithoutABody_EndsWithItsHead(string method, string text)
    {
        await using var server = RawServer.Saying(text);
        await using var scene = await DirectScene.StartAsync(server.Address);

        for (var i = 0; i < 3; i++)
        {
            using var answer = await scene.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/fraud/a"), Token);
            Assert.Equal(text[9..12], ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Answer_ThatEndsWithItsConnection_IsWhole_AndTheNextOneHasAConnectionOfItsOwn()
    {
        await using var server = new RawServer(async call =>
        {
            await call.SayAsync("HTTP/1.0 200 OK\r\n\r\nall of it");
            call.HangUp();
        });
        await using var scene = await DirectScene.StartAsync(server.Address);

        for (var i = 0; i < 3; i++)
        {
            using var answer = await scene.PostAsync();
            Assert.Equal("all of it", await answer.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal(3, server.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\n12345")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task Answer_ThatNotEveryoneReadsAlike_Is502_AndItsConnectionIsClosed(string text)
    {
        await using var server = RawServer.Saying(text);
        await using var scene = await DirectScene.StartAsync(server.Address);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await scene.PostAsync();
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        }

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_CutShort_IsNeverTakenForWhole(bool isDirect)
    {
        await using var server = new RawServer(async call =>
        {
            await call.SayAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, call.Stop);
            call.HangUp();
        });
        await using var scene = await DirectScene.StartAsync(isDirect, null, server.Address);

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var answer = await scene.PostAsync();
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            await answer.Content.ReadAsStringAsync(Token);
        });
    }

    [Fact]
    public async Task Silence_InTheMidstOfAnAnswer_CutsItOff()
    {
        await using var server = new RawServer(async call =>
        {
            await call.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n12345");
            await call.UntilGoneAsync();
        });
        await using var scene = await DirectScene.StartAsync(true, new TrafficPolicy { Timeout = TimeSpan.FromMilliseconds(100) }, server.Address);

        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var answer = await scene.PostAsync();
        });
    }

    private static WindowSum Lately(TrafficWindow window)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return window.Sum(now - 100, now + 1);
    }
}
