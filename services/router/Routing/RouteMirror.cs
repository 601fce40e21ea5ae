using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Routing;

/// <summary>Where a share of an endpoint's live requests is copied to.</summary>
/// <param name="Leg">Who gets the copies.</param>
/// <param name="Share">In (0, 1].</param>
/// <param name="WithFailures">
/// Requests that the live environment failed are copied, too: blue is asked whether it would have done better. Green is not: what blue
/// could not answer is nothing to hold green against.
/// </param>
internal sealed record RouteMirror(RouteLeg Leg, double Share, bool WithFailures)
{
    /// <summary>To green while it is judged, to blue after the switch; never to the environment that answers.</summary>
    public static RouteMirror? Of(RouteEntry entry, EnvironmentRegistry environments)
    {
        var traffic = entry.State.Settings.Traffic;
        if (entry.Live is null) return null;
        if (entry.PreviewLeg is { } green && traffic.MirrorToGreen > 0) return new RouteMirror(green, traffic.MirrorToGreen, WithFailures: false);
        return entry.Standby is { } blue && traffic.MirrorToBlue > 0
            ? new RouteMirror(new RouteLeg(blue, entry.State.Path, entry.EpochText, environments), traffic.MirrorToBlue, WithFailures: true)
            : null;
    }
}
