using BlueGreen.Platform.Http;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// Sends a request to the environment that is live when it arrives: one read of its route decides, and nothing that happens later
/// moves the request.
/// </summary>
internal sealed class InferenceProxy(
    RoutingTable table, ReplicaStanding standing, DatabaseClock time, RequestForwarder forwarder, IOptions<RouterOptions> options, TimeProvider clock)
{
    public const string PreviewHeader = "X-BlueGreen-Preview";

    private readonly TimeSpan _holdLimit = options.Value.HoldLimit;
    private readonly BearerToken? _preview = options.Value.PreviewToken is { } token ? new BearerToken(token) : null;

    public Task HandleAsync(InferenceExchange exchange)
    {
        var context = exchange.Http;
        // Before the route.
        var leaseUntil = standing.LeaseUntil;
        if (!table.Current.TryMatch(context.Request.Path.Value, out var entry)) return ProxyProblem.WriteNoRouteAsync(context);
        if (context.Request.Headers.TryGetValue(PreviewHeader, out var preview)) return PreviewAsync(exchange, entry, preview.ToString(), leaseUntil);
        if (entry.Hold is { } hold) return HoldAsync(exchange, entry, hold);
        if (entry.State.Settings.IsFenced && clock.GetTimestamp() >= leaseUntil) return ProxyProblem.WriteFencedAsync(context, entry);
        if (entry.LiveLeg is not { } live) return ProxyProblem.WriteNothingLiveAsync(context, entry);
        return forwarder.ForwardAsync(exchange, entry, entry.Shift is { } shift && !shift.IsNew(context, time.Now) ? shift.Old : live);
    }

    /// <summary>
    /// Whoever asks for green gets green or an error, and never what is live: not here, and, whatever the policy says, not at replicas that have
    /// switched already while this one waits, or was cut off.
    /// </summary>
    private Task PreviewAsync(InferenceExchange exchange, RouteEntry entry, string presented, long leaseUntil)
    {
        if (_preview is null || !_preview.IsPresentedBy("Bearer " + presented)) return ProxyProblem.WritePreviewRefusedAsync(exchange.Http);
        return entry is { PreviewLeg: { } green, Hold: null } && clock.GetTimestamp() < leaseUntil
            ? forwarder.ForwardAsync(exchange, entry, green)
            : ProxyProblem.WriteNoPreviewAsync(exchange.Http, entry);
    }

    /// <summary>Bounded: when the end of the hold is not heard of in time the answer is 503, never that of a model that may be live no longer.</summary>
    private async Task HoldAsync(InferenceExchange exchange, RouteEntry entry, HoldGate hold)
    {
        try
        {
            var left = _holdLimit - hold.Elapsed;
            await hold.Released.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, exchange.Http.RequestAborted);
        }
        catch (TimeoutException)
        {
            await ProxyProblem.WriteHeldTooLongAsync(exchange.Http, entry);
            return;
        }
        catch (OperationCanceledException) when (exchange.Http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await HandleAsync(exchange);
    }
}
