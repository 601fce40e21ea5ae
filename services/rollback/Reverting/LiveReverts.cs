using System.Collections.Concurrent;

namespace BlueGreen.Rollback.Reverting;

/// <summary>
/// Reverts whatever is live on an endpoint, if it can be. Alarms come in swarms: those that arrive while a revert of their endpoint is on
/// its way share it.
/// </summary>
internal sealed class LiveReverts(IRouterReverts routers, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<LiveRevert>>> _underway = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LastRevert> _last = new(StringComparer.Ordinal);

    /// <summary>Not cancellable: a caller that hangs up must not stop it for the others, or half-way. Bounded by the routers' timeouts.</summary>
    public async Task<LiveRevert> RevertAsync(string endpoint, string reason, string requestedBy)
    {
        var mine = new Lazy<Task<LiveRevert>>(() => RunAsync(endpoint, reason, requestedBy));
        var shared = _underway.GetOrAdd(endpoint, mine);
        try
        {
            var outcome = await shared.Value;
            return ReferenceEquals(shared, mine) ? outcome : outcome.ForAnother();
        }
        finally
        {
            _underway.TryRemove(new(endpoint, shared));
        }
    }

    private async Task<LiveRevert> RunAsync(string endpoint, string reason, string requestedBy)
    {
        var started = clock.GetTimestamp();
        var outcome = await DecideAsync(endpoint, reason, requestedBy);
        return outcome with { Elapsed = clock.GetElapsedTime(started) };
    }

    private async Task<LiveRevert> DecideAsync(string endpoint, string reason, string requestedBy)
    {
        switch (await routers.FindLiveAsync(endpoint, CancellationToken.None))
        {
            case LiveRoute.Revertible live:
                var order = new RevertTraffic { DeploymentId = live.DeploymentId, Endpoint = endpoint, Reason = reason, RequestedBy = requestedBy };
                return Conclude(order, await routers.RevertAsync(order, CancellationToken.None));
            case LiveRoute.Settled settled:
                // Nothing has been switched to since the last revert: this alarm speaks of the same deployment.
                return _last.TryGetValue(endpoint, out var last) && last.LiveEnvironmentId == settled.LiveEnvironmentId
                    ? new LiveRevert(LiveRevertKind.AlreadyReverted, last.DeploymentId, "already reverted")
                    : new LiveRevert(LiveRevertKind.Ignored, null, "ignored: nothing is baking or retained, so there is nothing to revert");
            case LiveRoute.Unknown:
                return new LiveRevert(LiveRevertKind.Ignored, null, "ignored: the routers have no route for the endpoint");
            case LiveRoute.Unreachable unreachable:
                return new LiveRevert(LiveRevertKind.Unreachable, null, $"failed: no router answered: {unreachable.Reason}");
            default:
                throw new InvalidOperationException("Unknown route.");
        }
    }

    private LiveRevert Conclude(RevertTraffic order, RevertAnswer answer)
    {
        switch (answer)
        {
            case RevertAnswer.Reverted reverted:
                _last[order.Endpoint] = new LastRevert(order.DeploymentId, reverted.LiveEnvironmentId);
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

    private sealed record LastRevert(Guid DeploymentId, Guid? LiveEnvironmentId);
}
