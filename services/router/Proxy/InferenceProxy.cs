using System.Net.Sockets;
using System.Runtime.CompilerServices;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// Carries a request to the environment that is live when it arrives: one read of the snapshot decides, and nothing that happens later
/// moves the request.
/// </summary>
internal sealed class InferenceProxy(
    RoutingTable table, IHttpForwarder forwarder, UpstreamClient upstream, IOptions<RouterOptions> options, TimeProvider clock)
{
    private readonly long _skipTicks = (long)(options.Value.SkipAfterConnectFailure.TotalSeconds * clock.TimestampFrequency);

    public Task HandleAsync(HttpContext context)
    {
        if (!table.Current.TryMatch(context.Request.Path.Value, out var entry)) return ProxyProblem.WriteNoRouteAsync(context);
        return entry.Serving is { } serving ? ForwardAsync(context, entry, serving) : ProxyProblem.WriteNothingLiveAsync(context, entry);
    }

    private async Task ForwardAsync(HttpContext context, RouteEntry entry, ServingEnvironment serving)
    {
        var started = clock.GetTimestamp();
        ForwarderError error;
        serving.Enter();
        try
        {
            error = await TryAsync(context, entry, serving, started);
        }
        finally
        {
            serving.Exit();
        }

        var status = context.Response.StatusCode;
        var isError = status >= 500 || (error != ForwarderError.None && !context.RequestAborted.IsCancellationRequested);
        serving.CountAnswer(status);
        serving.Window.CountAnswer(clock.GetElapsedTime(started), isError);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> TryAsync(HttpContext context, RouteEntry entry, ServingEnvironment serving, long started)
    {
        if (serving.Pick(started) is not { } first)
        {
            await ProxyProblem.WriteNothingLiveAsync(context, entry);
            return ForwarderError.NoAvailableDestinations;
        }

        var error = await SendAsync(context, entry, first);
        if (error == ForwarderError.None || !NeverConnected(context)) return error;
        first.SkipUntil(clock.GetTimestamp() + _skipTicks);
        if (serving.Pick(started, other: first) is { } second)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            error = await SendAsync(context, entry, second);
        }

        if (error != ForwarderError.None && NeverConnected(context)) await ProxyProblem.WriteUnreachableAsync(context, entry);
        return error;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwarderError> SendAsync(HttpContext context, RouteEntry entry, UpstreamReplica replica)
    {
        replica.Enter();
        try
        {
            return await forwarder.SendAsync(
                context, replica.Prefix, upstream.Invoker, upstream.Request, entry.Transformers[replica.Position], context.RequestAborted);
        }
        finally
        {
            replica.Exit();
        }
    }

    /// <summary>Then no byte of the request was read, and another replica can have it whole.</summary>
    private static bool NeverConnected(HttpContext context) =>
        !context.Response.HasStarted
        && !context.RequestAborted.IsCancellationRequested
        && context.Features.Get<IForwarderErrorFeature>()?.Exception is HttpRequestException failure
        && (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            || failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused });
}
