using System.Net;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Direct;

public sealed class ConnectionReuseTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Bytes_ThatNobodyAskedFor_AreNobodysAnswer()
    {
        await using var server = RawServer.Saying(Ok + "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npoisons");
        await using var scene = await DirectScene.StartAsync(server.Address);

        for (var i = 0; i < 5; i++)
        {
            using var answer = await scene.PostAsync();
            Assert.Equal("ok", await answer.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal(5, server.Connections);
    }

    [Fact]
    public async Task Server_ThatHangsUpBetweenRequests_IsConnectedToAgain()
    {
        await using var server = new RawServer(async call =>
        {
            await call.SayAsync(Ok);
            call.HangUp();
        });
        await using var scene = await DirectScene.StartAsync(server.Address);

        for (var i = 0; i < 5; i++)
        {
            using var answer = await scene.PostAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            // The news of it is on its way; with a client that is faster the request is lost, as with every proxy.
            await Eventually.TrueAsync(() => scene.Router.Table.Current.Entries.Single().Serving!.Replicas[0].Pool.Count == 0);
        }
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.OK, 3)]
    [InlineData("POST", HttpStatusCode.BadGateway, 2)]
    public async Task Connection_ThatDiesWithARequestOnIt_IsReplacedOnlyForWhatMayHappenTwice(string method, HttpStatusCode expected, int seen)
    {
        await using var server = new RawServer(async call =>
        {
            if (call.Request.Contains("/second", StringComparison.Ordinal) && call.Connection == 1) call.HangUp();
            else await call.SayAsync(Ok);
        });
        await using var scene = await DirectScene.StartAsync(server.Address);
        using var first = await scene.Client.GetAsync("/fraud/first", Token);

        using var second = await scene.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/fraud/second"), Token);

        Assert.Equal(expected, second.StatusCode);
        Assert.Equal(seen, server.Requests.Count);
    }

    [Fact]
    public async Task Replica_ThatCannotBeConnectedTo_LosesNoRequest()
    {
        await using var well = RawServer.Saying(Ok);
        var dead = new RawServer(call => call.SayAsync(Ok));
        await using var scene = await DirectScene.StartAsync(well.Address, dead.Address);
        await dead.DisposeAsync();

        for (var i = 0; i < 20; i++)
        {
            using var answer = await scene.PostAsync(new string('a', 60_000));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
