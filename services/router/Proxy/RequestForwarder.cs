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
        if (!Limit(exchange.Http, entry.State.Settings.Traffic.MaxBodyBytes ?? _mostBytes)) return ProxyProblem.WriteTooLargeAsync(exchange.Http, entry, leg);
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
        using var body = UpstreamClient.IsGrpc(exchange.Http.Request.ContentType) ? new RewindableBody(exchange.Http) : null;
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
        var (error, fate) = (ForwarderError.NoAvailableDestinations, RequestFate.Unknown);
        for (var tries = 0; tries < MostTries; tries++)
        {
            // A replica that refused may be the only one, and only have said goodbye to a connection.
            var next = leg.Serving.Pick(started, replica) ?? (fate == RequestFate.Refused ? replica : null);
            if (next is null) break;
            replica = next;
            context.Response.StatusCode = StatusCodes.Status200OK;
            error = await SendAsync(exchange, entry, leg, capture, replica);
            if (error == ForwarderError.None || (fate = RetryRule.FateOf(context)) == RequestFate.Unknown) return await ExplainAsync(context, entry, leg, error);
            started = clock.GetTimestamp();
            if (fate == RequestFate.NotConnected) replica.SkipUntil(started + _skipTicks);
        }

        await ProxyProblem.WriteUnreachableAsync(context, entry, leg);
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
    private static async ValueTask<ForwarderError> ExplainAsync(HttpContext context, RouteEntry entry, RouteLeg leg, ForwarderError error)
    {
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return error;
        if (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge) await ProxyProblem.WriteTooLargeAsync(context, entry, leg);
        else if (context.Response.StatusCode == StatusCodes.Status504GatewayTimeout) await ProxyProblem.WriteTimedOutAsync(context, entry, leg);
        return error;
    }
}
