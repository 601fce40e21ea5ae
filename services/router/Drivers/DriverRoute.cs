using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers;

/// <summary>What a driver is to bring about: an endpoint's route as this replica has it, less what is vetoed.</summary>
internal sealed record DriverRoute
{
    public required string Endpoint { get; init; }

    /// <summary>Path prefix that clients call, with a leading and without a trailing slash; empty for the root.</summary>
    public required string Path { get; init; }

    /// <summary>Version of the route's row: grows with every change, whatever changed.</summary>
    public required long Version { get; init; }

    /// <summary>Grows with every change of what is live or standby.</summary>
    public required long Epoch { get; init; }

    /// <summary>A revert of what the row has live is in force that the row does not show yet: newer than its epoch says.</summary>
    public required bool IsReverted { get; init; }

    /// <summary>Deployments that are never live again.</summary>
    public IReadOnlySet<Guid> Vetoed { get; init; } = new HashSet<Guid>();

    /// <summary>Gets the requests.</summary>
    public required RouteTarget Live { get; init; }

    /// <summary>Which share of the requests is <see cref="Live"/>'s, in (0, 1]; the rest is <see cref="Standby"/>'s. Below 1 while traffic moves by steps.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The way back: kept at hand, without requests (but see <see cref="Share"/>).</summary>
    public RouteTarget? Standby { get; init; }

    /// <summary>Green, warm and being judged: the switch to it may come soon.</summary>
    public RouteTarget? Candidate { get; init; }

    /// <summary>Where copies of requests go; null: nowhere.</summary>
    public DriverMirror? Mirror { get; init; }
    public required DriverSettings Settings { get; init; }

    /// <param name="entry">The route.</param>
    /// <param name="options">Where targets are configured.</param>
    /// <param name="now">By the database's clock: tells which step of a shift is due; null: traffic is not moved by steps.</param>
    /// <returns>Null where there is nothing to drive: no driver, or nothing live.</returns>
    public static DriverRoute? Of(RouteEntry entry, RouterOptions options, DateTimeOffset? now = null)
    {
        if (entry is not { Live: { } live, State.Settings.Traffic.Driver: { } driver }) return null;
        return new DriverRoute
        {
            Endpoint = entry.State.Endpoint,
            Path = entry.State.Path,
            Version = entry.State.Version,
            Epoch = entry.State.Epoch,
            IsReverted = live.DeploymentId != entry.State.Live?.DeploymentId,
            Vetoed = entry.Vetoed,
            Live = live,
            Share = now is { } at ? entry.Shift?.ShareAt(at) ?? 1 : 1,
            Standby = entry.Standby,
            Candidate = entry.PreviewLeg?.Serving.Target,
            Mirror = entry.Mirror is { } mirror ? new DriverMirror(mirror.Leg.Serving.Target, mirror.Share) : null,
            Settings = DriverSettings.Of(driver, options),
        };
    }
}

/// <param name="To">Who gets copies.</param>
/// <param name="Share">Of which share of requests, in (0, 1].</param>
internal sealed record DriverMirror(RouteTarget To, double Share);
