using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Takes a route into the table the moment that it is heard of, whatever <see cref="RouteFollower"/> is doing; the follower acknowledges it.
/// What cannot be told to be newer than what is known is left to the follower to read.
/// </summary>
internal sealed class RouteIntake(RoutingTable table, ReplicaStanding standing, RouteSignals signals, ILogger<RouteIntake> log)
{
    public void Hear(RouteNews? news)
    {
        if (news is null)
        {
            signals.RoutesMissed();
            return;
        }

        switch (news.State is { } state ? table.TryAdvance(state) : null)
        {
            case true:
                signals.RouteHeard();
                standing.Remember(now: false);
                Log.RouteApplied(log, news.Endpoint, news.State!.Epoch, news.State.Version, news.State.Live?.EnvironmentId);
                break;
            case null:
                signals.RouteChanged(news.Endpoint);
                break;
        }
    }
}
