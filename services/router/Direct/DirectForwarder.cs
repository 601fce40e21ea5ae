using System.Net.Sockets;
using System.Runtime.CompilerServices;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Proxy;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Direct;

/// <summary>
/// The short way for the requests that a model server gets all day (<see cref="PlainRequest.Fits"/>): one piece of memory to the replica, one
/// back. Everything else goes the general way, by YARP's forwarder; to the client the two are alike (docs/adr/0016).
/// </summary>
internal sealed class DirectForwarder(IOptions<RouterOptions> options, TimeProvider clock)
{
    /// <summary>As long as for the general way, and for the same reason.</summary>
    private readonly long _longestIdle = Ticks(UpstreamClient.IdleConnectionLifetime, clock);
    private readonly long _timeout = Ticks(options.Value.UpstreamTimeout, clock);
    private readonly TimeSpan _connectTimeout = options.Value.ConnectTimeout;
    private readonly bool _isOn = options.Value.DirectUpstream;

    /// <summary>Closes connections of this replica that have been silent or idle for too long.</summary>
    public void Sweep(UpstreamReplica replica) => replica.Pool.Sweep(clock.GetTimestamp(), _longestIdle);

    /// <summary>Prepares a request for the short way.</summary>
    /// <returns>False: it has to go the general way; nothing has been read of it.</returns>
    public bool TryPrepare(InferenceExchange exchange, RouteTransformer route)
    {
        if (!_isOn || !route.IsPlainHttp) return false;
        var plain = exchange.Plain ??= new PlainRequest();
        if (!plain.Fits(exchange.Http) || !plain.TryWriteHead(exchange.Http.Request, route.TargetOf(exchange.Http.Request))) return false;
        route.OfferCapture(exchange.Http);
        return true;
    }

    /// <summary>Carries a prepared request to a replica and its answer back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwarderError> SendAsync(
        InferenceExchange exchange, RouteTransformer route, MirrorCapture? capture, UpstreamReplica replica, TimeSpan? timeout)
    {
        var (context, plain) = (exchange.Http, exchange.Plain!);
        try
        {
            await plain.ReadBodyAsync(context.Request, context.RequestAborted);
        }
        catch (Exception fault) when (fault is IOException or BadHttpRequestException or OperationCanceledException)
        {
            return DirectFailure.OfClientBody(context, fault);
        }

        var longest = timeout is { } own ? Ticks(own, clock) : _timeout;
        var now = clock.GetTimestamp();
        while (replica.Pool.TryTake(now, _longestIdle) is { } used)
        {
            var error = await SendAsync(context, plain, route, capture, replica, used, longest);
            // Closed before it said anything, as servers do with connections that they think are idle. What must not happen twice is not tried again.
            if (error != ForwarderError.Request || !plain.IsSafe || used.HasAnswered || context.RequestAborted.IsCancellationRequested) return error;
        }

        return await ConnectAsync(context, replica) is { } connection
            ? await SendAsync(context, plain, route, capture, replica, connection, longest)
            : ForwarderError.Request;
    }

    private async ValueTask<UpstreamConnection?> ConnectAsync(HttpContext context, UpstreamReplica replica)
    {
        using var time = new CancellationTokenSource(_connectTimeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, time.Token);
        try
        {
            return await replica.Pool.ConnectAsync(limit.Token);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            DirectFailure.OfConnecting(context, fault);
            return null;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> SendAsync(
        HttpContext context, PlainRequest plain, RouteTransformer route, MirrorCapture? capture, UpstreamReplica replica,
        UpstreamConnection connection, long longest)
    {
        var (isOver, hasHead) = (false, false);
        var limit = new SilenceLimit(clock, longest);
        try
        {
            connection.Expect(limit);
            using (context.RequestAborted.UnsafeRegister(static state => ((UpstreamConnection)state!).CutOff(), connection))
            {
                var isSent = await connection.TrySendAsync(plain.Bytes);
                await AnswerRelay.ReadHeadAsync(connection);
                var head = connection.Head;
                hasHead = true;
                AnswerRelay.CopyHead(head, context.Response);
                route.Mark(context.Response);
                var inspection = route.InspectionOf(context, head.Status, head.ContentLength, head.IsEncoded, head.MediaType, capture);
                var isClean = await AnswerRelay.CopyBodyAsync(connection, head.FramingFor(plain.IsHead), context.Response, inspection, limit);
                isOver = isSent && isClean && head.KeepsConnection;
            }

            return ForwarderError.None;
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or InvalidDataException or OperationCanceledException)
        {
            return DirectFailure.OfExchange(context, route, connection, hasHead, fault);
        }
        finally
        {
            if (isOver) replica.Pool.Return(connection, clock.GetTimestamp());
            else connection.Dispose();
        }
    }

    private static long Ticks(TimeSpan time, TimeProvider clock) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
