using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Reverting;

/// <summary>
/// Finds what is live on an endpoint and reverts it. Alarms come in swarms: those that arrive while a question or a revert of their endpoint
/// is on its way share it. Not cancellable: a caller that hangs up must not stop it for the others, or half-way. Bounded by the routers'
/// timeouts.
/// </summary>
internal sealed class LiveReverts(IRouterReverts routers, IOptionsMonitor<RollbackOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<LiveRoute>>> _asking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Endpoint, Guid Deployment), Lazy<Task<LiveRevert>>> _underway = new();
    private readonly ConcurrentDictionary<string, LastRevert> _last = new(StringComparer.Ordinal);

    public async Task<LiveRoute> FindAsync(string endpoint)
    {
        var mine = new Lazy<Task<LiveRoute>>(() => routers.FindLiveAsync(endpoint, CancellationToken.None));
        var shared = _asking.GetOrAdd(endpoint, mine);
        try
        {
            return await shared.Value;
        }
        finally
        {
            _asking.TryRemove(new(endpoint, shared));
        }
    }

    public async Task<LiveRevert> RevertAsync(RevertTraffic order)
    {
        var key = (order.Endpoint, order.DeploymentId);
        var mine = new Lazy<Task<LiveRevert>>(() => RunAsync(order));
        var shared = _underway.GetOrAdd(key, mine);
        try
        {
            var outcome = await shared.Value;
            return ReferenceEquals(shared, mine) ? outcome : outcome.ForAnother();
        }
        finally
        {
            _underway.TryRemove(new(key, shared));
        }
    }

    /// <summary>What an alarm means for a route on which nothing can be reverted.</summary>
    public async Task<LiveRevert> SettleAsync(string endpoint, LiveRoute route)
    {
        // A router tells of a revert as soon as it has made it, which is before whoever ordered it has heard so.
        await Task.WhenAll(_underway.Where(revert => revert.Key.Endpoint == endpoint).Select(revert => (Task)revert.Value.Value))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        switch (route)
        {
            case LiveRoute.Settled settled:
                // Nothing has been switched to since the last revert, and that was a moment ago: this alarm speaks of the same deployment.
                return _last.TryGetValue(endpoint, out var last) && last.LiveEnvironmentId == settled.Live?.EnvironmentId
                    && clock.GetElapsedTime(last.At) < options.CurrentValue.EchoTime
                    ? new LiveRevert(LiveRevertKind.AlreadyReverted, last.DeploymentId, "already reverted")
                    : new LiveRevert(LiveRevertKind.NotLive, null, "ignored: nothing is baking or retained, so there is nothing to revert");
            case LiveRoute.Unknown:
                return new LiveRevert(LiveRevertKind.NotLive, null, "ignored: the routers have no route for the endpoint");
            case LiveRoute.Unreachable unreachable:
                return new LiveRevert(LiveRevertKind.Unreachable, null, $"failed: no router answered: {unreachable.Reason}");
            default:
                throw new InvalidOperationException("Unknown route.");
        }
    }

    private async Task<LiveRevert> RunAsync(RevertTraffic order)
    {
        var started = clock.GetTimestamp();
        var outcome = Conclude(order, await routers.RevertAsync(order, CancellationToken.None));
        return outcome with { Elapsed = clock.GetElapsedTime(started) };
    }

    private LiveRevert Conclude(RevertTraffic order, RevertAnswer answer)
    {
        switch (answer)
        {
            case RevertAnswer.Reverted reverted:
                _last[order.Endpoint] = new LastRevert(order.DeploymentId, reverted.LiveEnvironmentId, clock.GetTimestamp());
                if (reverted.Already) return new LiveRevert(LiveRevertKind.AlreadyReverted, order.DeploymentId, "already reverted");
                var where = reverted.Routers == reverted.Asked ? "" : $" at {reverted.Routers} of {reverted.Asked} routers";
                return new LiveRevert(LiveRevertKind.Reverted, order.DeploymentId, $"reverted{where}");
            case RevertAnswer.Refused refused:
                return new LiveRevert(LiveRevertKind.Refused, order.DeploymentId, $"refused: {refused.Reason}");
            case RevertAnswer.Unreachable unreachable:
                return new LiveRevert(LiveRevertKind.Unreachable, order.DeploymentId, $"failed: no router could revert: {unreachable.Reason}");
            default:
                throw new InvalidOperationException("Unknown answer.");
        }
    }

    private sealed record LastRevert(Guid DeploymentId, Guid? LiveEnvironmentId, long At);
}
