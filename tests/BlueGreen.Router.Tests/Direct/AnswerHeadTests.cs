using System.Text;
using BlueGreen.Router.Direct;

namespace BlueGreen.Router.Tests.Direct;

public sealed class AnswerHeadTests
{
    [Fact]
    public void Head_ReadAgainWithOtherHeaders_RemembersNothingOfTheOneBefore()
    {
        var head = new AnswerHead();
        head.Read("HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Encoding: gzip\r\nConnection: close, X-Hop\r\nContent-Length: 7\r\n"u8);
        Assert.Equal((200, null, "application/json", true, false, 7), (head.Status, head.Reason, head.MediaType, head.IsEncoded, head.KeepsConnection, head.ContentLength));
        Assert.Equal(["X-Hop"], head.Nominated);

        head.Read("HTTP/1.1 404 Gone Fishing\r\nContent-Type: text/csv\r\n"u8);

        Assert.Equal((404, "Gone Fishing", "text/csv", false, true, (long?)null), (head.Status, head.Reason, head.MediaType, head.IsEncoded, head.KeepsConnection, head.ContentLength));
        Assert.Empty(head.Nominated);
        Assert.Equal(1, head.Headers.Length);
        Assert.True(head.FramingFor(isHead: false).EndsWithConnection);
        Assert.True(head.FramingFor(isHead: true).IsComplete);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: Close\r\n")]
    public void Connection_ThatSaysSoOrCouldBeReadInTwoWays_IsNotUsedAgain(string text)
    {
        var head = new AnswerHead();
        head.Read(Encoding.ASCII.GetBytes(text));

        Assert.False(head.KeepsConnection);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: 1\r\n folded\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: 5\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: a\rb\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: a\nX-B: b\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: \0\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n")]
    [InlineData("ICY 200 OK\r\n")]
    public void Head_ThatNotEveryoneReadsAlike_IsRefused(string text) =>
        Assert.Throws<InvalidDataException>(() => new AnswerHead().Read(Encoding.ASCII.GetBytes(text)));
}
