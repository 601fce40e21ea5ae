using BlueGreen.Platform.Http;
using BlueGreen.Router.Drivers;
using BlueGreen.Router.Switching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlueGreen.Router.Routing;

/// <summary>A route as this replica serves it.</summary>
internal sealed record RouteResponse
{
    public required string Endpoint { get; init; }

    /// <summary>Path prefix that clients call.</summary>
    public required string Path { get; init; }

    /// <summary>E.g. <c>7</c>; <c>7+revert</c> while the database has yet to hear of a revert.</summary>
    public required string Epoch { get; init; }
    public required RouteTarget? Live { get; init; }
    public required RouteTarget? Standby { get; init; }
    public required DateTimeOffset? SwitchedAt { get; init; }

    /// <summary>The live deployment has a way back. While that is being released a revert is answered 503 until it is known which came first.</summary>
    public required bool Revertible { get; init; }
    public required IReadOnlyList<Guid> Vetoed { get; init; }

    /// <summary>Green before the switch, for those who hold the preview token.</summary>
    public RouteTarget? Preview { get; init; }

    /// <summary>New requests wait for a strict switch.</summary>
    public bool Holding { get; init; }

    /// <summary>The load balancer that clients call instead, as this replica saw it last; null: they call the routers.</summary>
    public RouteDriver? Driver { get; init; }

    /// <summary>Name of the router replica that answers.</summary>
    public required string Replica { get; init; }
}

/// <summary>How an endpoint's load balancer stands to its route.</summary>
/// <param name="Driver">E.g. <c>haproxy/edge</c>.</param>
/// <param name="Standing"><c>InSync</c>, <c>Converging</c>, <c>Behind</c>, <c>Ahead</c>, <c>Drifted</c>, <c>Overruled</c> or <c>Unknown</c>.</param>
/// <param name="Problem">Why it is not in step; null: it is.</param>
internal sealed record RouteDriver(string Driver, string Standing, string? Problem);

/// <summary><c>GET /routes</c> and <c>GET /routes/{endpoint}</c>.</summary>
internal static class RouteEndpoints
{
    public static Ok<RouteResponse[]> List(RoutingTable table, ReplicaStanding standing, DriverKeeper drivers) => TypedResults.Ok(
        table.Current.Entries.OrderBy(entry => entry.State.Endpoint, StringComparer.Ordinal)
            .Select(entry => Describe(entry, standing.Name, drivers)).ToArray());

    public static IResult Get(string endpoint, RoutingTable table, ReplicaStanding standing, DriverKeeper drivers) =>
        table.Current.TryGet(endpoint, out var entry)
            ? TypedResults.Ok(Describe(entry, standing.Name, drivers))
            : ProblemResults.NotFound($"There is no route for endpoint '{endpoint}'.");

    private static RouteResponse Describe(RouteEntry entry, string replica, DriverKeeper drivers) => new()
    {
        Endpoint = entry.State.Endpoint,
        Path = entry.State.Path.Length == 0 ? "/" : entry.State.Path,
        Epoch = entry.EpochText,
        Live = entry.Live,
        Standby = entry.Standby,
        SwitchedAt = entry.State.SwitchedAt,
        Revertible = entry.Standby is not null,
        Preview = entry.PreviewLeg?.Serving.Target,
        Holding = entry.Hold is not null,
        Vetoed = [.. entry.Vetoed],
        Driver = drivers.Find(entry.State.Endpoint) is { } status
            ? new RouteDriver(status.Route.Settings.Name, status.Standing.ToString(), status.Problem)
            : null,
        Replica = replica,
    };
}
