using System.Text;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Direct;

public sealed class DirectRequestTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_ArrivesWithItsHeaders_LessThoseThatAreBetweenNeighbours(bool isDirect)
    {
        await using var server = RawServer.Saying(Ok);
        await using var scene = await DirectScene.StartAsync(isDirect, null, server.Address);

        var answer = await scene.TalkAsync(
            "POST /fraud/a%20b/c?x=%C3%BC&y=1 HTTP/1.1\r\nHost: client.example\r\nX-One: 1\r\nAuthorization: Bearer t\r\nKeep-Alive: timeout=5\r\n" +
            "Proxy-Connection: keep-alive\r\nX-BlueGreen-Mirror: 1\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("ok", answer, StringComparison.Ordinal);
        var request = Assert.Single(server.Requests);
        var lines = request.Split("\r\n");
        Assert.Equal("POST /a%20b/c?x=%C3%BC&y=1 HTTP/1.1", lines[0]);
        Assert.Equal(
            ["Authorization: Bearer t", "Content-Length: 5", "Content-Type: text/plain", $"Host: {server.Address.Authority}", "X-One: 1"],
            lines[1..^2].Order(StringComparer.Ordinal));
        Assert.Equal("hello", lines[^1]);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello", "hello")]
    [InlineData("Content-Length: 5\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\nhello", "hello")]
    [InlineData("Content-Length: 5\r\nTE: trailers\r\n\r\nhello", "hello")]
    [InlineData("X-Two: 1\r\nX-Two: 2\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    public async Task Request_OfAnotherKind_GoesTheGeneralWay(string rest, string body)
    {
        await using var server = await ModelServer.StartAsync("v1");
        await using var scene = await DirectScene.StartAsync(server.Address);

        var answer = await scene.TalkAsync($"POST /fraud/a HTTP/1.1\r\nHost: h\r\n{(rest.Contains("Connection", StringComparison.Ordinal) ? "" : "Connection: close\r\n")}"
            + (rest.Contains("Connection", StringComparison.Ordinal) ? rest + "GET /fraud/end HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" : rest));

        Assert.Contains("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\"body\":\"{body.Length}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_SmuggledInABody_IsBodyToTheServer()
    {
        await using var server = RawServer.Saying(Ok);
        await using var scene = await DirectScene.StartAsync(server.Address);
        const string Smuggled = "GET /admin HTTP/1.1\r\nHost: h\r\n\r\n";

        await scene.TalkAsync($"POST /fraud/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {Smuggled.Length}\r\n\r\n{Smuggled}");
        var refused = await scene.TalkAsync($"POST /fraud/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde");

        Assert.EndsWith(Smuggled, Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfManyClientsAtOnce_GetsItsOwnAnswer()
    {
        await using var server = new RawServer(async call =>
        {
            var body = call.Request[(call.Request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            await call.SayAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
            await call.SayAsync(body);
        });
        await using var scene = await DirectScene.StartAsync(server.Address);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async client =>
        {
            for (var i = 0; i < 50; i++)
            {
                var text = new string((char)('a' + client), (i * 97) % 5000) + i;
                using var answer = await scene.PostAsync(text);
                Assert.Equal(text, await answer.Content.ReadAsStringAsync(Token));
            }
        }));

        Assert.InRange(server.Connections, 1, 16);
    }

    [Fact]
    public async Task Client_ThatGoesAway_LeavesNoRequestBehind()
    {
        var isGone = new TaskCompletionSource();
        await using var server = new RawServer(async call =>
        {
            await call.UntilGoneAsync();
            isGone.SetResult();
        });
        await using var scene = await DirectScene.StartAsync(server.Address);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var asking = scene.Client.PostAsync("/fraud/a", new StringContent("{}", Encoding.UTF8), patience.Token);
        await Eventually.TrueAsync(() => server.Requests.Count == 1);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await isGone.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }
}
