using System.Net.Sockets;
using System.Runtime.CompilerServices;
using BlueGreen.Router.Direct;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Windows;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>Carries a request to a replica of one environment and its answer back, and counts what came of it.</summary>
internal sealed class RequestForwarder(
    IHttpForwarder forwarder, DirectForwarder direct, UpstreamClient upstream, TrafficMirror mirror, IOptions<RouterOptions> options, TimeProvider clock)
{
    private const int MostTries = 3;

    private readonly long _skipTicks = (long)(options.Value.SkipAfterConnectFailure.TotalSeconds * clock.TimestampFrequency);
    private readonly long _mostBytes = options.Value.MaxRequestBytes;

    public Task ForwardAsync(InferenceExchange exchange, RouteEntry entry, RouteLeg leg)
    {
        if (!Limit(exchange.Http, entry.State.Settings.Traffic.MaxBodyBytes ?? _mostBytes)) return ProxyProblem.WriteTooLargeAsync(exchange.Http);
        return entry.Mirror is { } copies && leg == entry.LiveLeg && mirror.TryEnter(exchange.Http, copies)
            ? SendAndCopyAsync(exchange, entry, leg, copies)
            : SendAsync(exchange, entry, leg, null);
    }

    private async Task SendAndCopyAsync(InferenceExchange exchange, RouteEntry entry, RouteLeg leg, RouteMirror copies)
    {
        var isSent = false;
        try
        {
            var (request, capture) = (exchange.Http.Request, new MirrorCapture());
            var body = request.Body;
            using var tee = new TeeStream(body, (int)(request.ContentLength ?? 0));
            request.Body = tee;
            try
            {
                await SendAsync(exchange, entry, leg, capture);
            }
            finally
            {
                request.Body = body;
            }

            isSent = tee.Take() is { } copied && mirror.Send(exchange.Http, copies, copied, capture);
        }
        finally
        {
            if (!isSent) mirror.Leave();
        }
    }

    private async Task SendAsync(InferenceExchange exchange, RouteEntry entry, RouteLeg leg, MirrorCapture? capture)
    {
        var started = clock.GetTimestamp();
        var serving = leg.Serving;
        ForwarderError error;
        serving.Enter();
        exchange.Admit(serving);
        try
        {
            error = await TryAsync(exchange, entry, leg, capture, started);
        }
        finally
        {
            exchange.Plain?.Release();
            exchange.Leave(serving);
            serving.Exit();
        }

        var outcome = AnswerClassification.Of(exchange.Http, error);
        serving.CountAnswer(exchange.Http.Response.StatusCode, clock.GetElapsedTime(started), outcome);
        capture?.Outcome = outcome;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> TryAsync(
        InferenceExchange exchange, RouteEntry entry, RouteLeg leg, MirrorCapture? capture, long started)
    {
        var context = exchange.Http;
        UpstreamReplica? replica = null;
        var error = ForwarderError.NoAvailableDestinations;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var next = leg.Serving.Pick(started, replica);
            if (next is null) break;
            replica = next;
            context.Response.StatusCode = StatusCodes.Status200OK;
            error = await SendAsync(exchange, entry, leg, capture, replica);
            // Only what was never connected to is tried elsewhere: a request that a model may have seen is not sent twice.
            if (error == ForwarderError.None || !NeverConnected(context)) return await ExplainAsync(context, error);
            started = clock.GetTimestamp();
            replica.SkipUntil(started + _skipTicks);
        }

        await ProxyProblem.WriteUnreachableAsync(context, entry);
        return error;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> SendAsync(
        InferenceExchange exchange, RouteEntry entry, RouteLeg leg, MirrorCapture? capture, UpstreamReplica replica)
    {
        var (context, timeout) = (exchange.Http, entry.State.Settings.Traffic.Timeout);
        var error = ForwarderError.None;
        var transformer = leg.Transformers[replica.Position];
        replica.Enter();
        try
        {
            error = direct.TryPrepare(exchange, transformer)
                ? await direct.SendAsync(exchange, transformer, capture, replica, timeout)
                : await forwarder.SendAsync(
                    context, replica.Prefix, upstream.Invoker, upstream.RequestFor(context, timeout),
                    capture is null ? transformer : transformer.Capturing(capture), context.RequestAborted);
            return error;
        }
        finally
        {
            replica.Exit();
            // What a client broke off says nothing of the replica, neither good nor bad.
            var isFailure = AnswerClassification.IsReplicasFault(context, error);
            if (isFailure || error == ForwarderError.None) leg.Serving.Report(replica, isFailure);
        }
    }

    private static bool Limit(HttpContext context, long mostBytes)
    {
        if (context.Request.ContentLength > mostBytes) return false;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = mostBytes;
        return true;
    }

    /// <summary>YARP sets a bare status: what the client can do about it is said here.</summary>
    private static async ValueTask<ForwarderError> ExplainAsync(HttpContext context, ForwarderError error)
    {
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return error;
        if (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge) await ProxyProblem.WriteTooLargeAsync(context);
        else if (context.Response.StatusCode == StatusCodes.Status504GatewayTimeout) await ProxyProblem.WriteTimedOutAsync(context);
        return error;
    }

    /// <summary>Then no byte of the request was read, and another replica can have it whole.</summary>
    private static bool NeverConnected(HttpContext context) =>
        !context.Response.HasStarted
        && !context.RequestAborted.IsCancellationRequested
        && context.Features.Get<IForwarderErrorFeature>()?.Exception is HttpRequestException failure
        && (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            || failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused });
}
