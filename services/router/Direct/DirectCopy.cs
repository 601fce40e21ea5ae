using System.Net.Sockets;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Proxy;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Direct;

/// <summary>Sends copies of requests the short way (<see cref="DirectForwarder"/>) and keeps their answers.</summary>
internal sealed class DirectCopy(IOptions<RouterOptions> options, TimeProvider clock)
{
    private readonly byte[] _mark = System.Text.Encoding.ASCII.GetBytes($"{RouteTransformer.MirrorHeader}: 1\r\n");
    private readonly long _longestIdle = (long)(UpstreamClient.IdleConnectionLifetime.TotalSeconds * clock.TimestampFrequency);
    private readonly long _timeout = (long)(options.Value.MirrorTimeout.TotalSeconds * clock.TimestampFrequency);
    private readonly long _mostBytes = options.Value.MirrorMaxBytes;
    private readonly bool _isOn = options.Value.DirectUpstream;

    /// <summary>The copy as it is sent; to be released by the caller.</summary>
    /// <returns>Null: it has to go the general way.</returns>
    public PlainRequest? Prepare(HttpContext context, RouteTransformer route, ReadOnlySpan<byte> body)
    {
        if (!_isOn || !route.IsPlainHttp) return null;
        var copy = new PlainRequest();
        if (copy.Fits(context) && copy.TryWriteHead(context.Request, route.TargetOf(context.Request), _mark))
        {
            copy.TakeBody(body);
            return copy;
        }

        copy.Release();
        return null;
    }

    /// <exception cref="IOException">The server hung up.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="InvalidDataException">The answer breaks HTTP's rules.</exception>
    /// <exception cref="ObjectDisposedException">There was no answer in time.</exception>
    /// <exception cref="OperationCanceledException">There was no connection in time.</exception>
    public async Task<CopyAnswer> SendAsync(PlainRequest copy, UpstreamReplica replica)
    {
        var started = clock.GetTimestamp();
        while (replica.Pool.TryTake(started, _longestIdle) is { } used)
        {
            try
            {
                return await ExchangeAsync(copy, replica, used, started);
            }
            catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
            {
                // Closed before it said anything, as idle ones are. A copy may come twice: nothing is to be kept of it.
                if (used.HasAnswered || Left(started) <= 0) throw;
            }
        }

        using var limit = new CancellationTokenSource(options.Value.ConnectTimeout, clock);
        return await ExchangeAsync(copy, replica, await replica.Pool.ConnectAsync(limit.Token), started);
    }

    /// <summary>Of the time for the copy, all attempts together; in ticks of the clock.</summary>
    private long Left(long started) => _timeout - (clock.GetTimestamp() - started);

    private async Task<CopyAnswer> ExchangeAsync(PlainRequest copy, UpstreamReplica replica, UpstreamConnection connection, long started)
    {
        var isOver = false;
        try
        {
            // Said once, it is the limit for the whole exchange: the sweep closes what takes longer.
            connection.Expect(new SilenceLimit(clock, Math.Max(0, Left(started))));
            var isSent = await connection.TrySendAsync(copy.Bytes);
            await AnswerRelay.ReadHeadAsync(connection);
            var head = connection.Head;
            var (body, isClean) = await ReadBodyAsync(connection, head.FramingFor(copy.IsHead));
            isOver = isSent && isClean && head.KeepsConnection;
            return new CopyAnswer(head.Status, head.MediaType, body);
        }
        finally
        {
            if (isOver) replica.Pool.Return(connection, clock.GetTimestamp());
            else connection.Dispose();
        }
    }

    /// <summary>At most as much as a request may have: what is longer is read no further.</summary>
    private async Task<(ReadOnlyMemory<byte> Body, bool IsClean)> ReadBodyAsync(UpstreamConnection connection, AnswerFraming framing)
    {
        using var body = new MemoryStream();
        while (!framing.IsComplete)
        {
            var received = connection.Received;
            var payload = framing.Take(received.Span, out var consumed);
            body.Write(received.Span[..payload]);
            connection.Take(consumed);
            if (framing.IsComplete || body.Length >= _mostBytes) break;
            if (await connection.ReceiveAsync()) continue;
            if (!framing.EndsWithConnection) throw new IOException("The server closed the connection before the end of its answer.");
            break;
        }

        return (body.ToArray(), framing.IsComplete && connection.Received.IsEmpty);
    }
}
