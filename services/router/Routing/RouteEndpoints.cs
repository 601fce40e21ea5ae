using BlueGreen.Platform.Http;
using BlueGreen.Router.Switching;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BlueGreen.Router.Routing;

/// <summary>A route as this replica serves it.</summary>
public sealed record RouteResponse
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

    /// <summary>Name of the router replica that answers.</summary>
    public required string Replica { get; init; }
}

/// <summary><c>GET /routes</c> and <c>GET /routes/{endpoint}</c>.</summary>
internal static class RouteEndpoints
{
    public static Ok<RouteResponse[]> List(RoutingTable table, ReplicaStanding standing) => TypedResults.Ok(
        table.Current.Entries.OrderBy(entry => entry.State.Endpoint, StringComparer.Ordinal)
            .Select(entry => Describe(entry, standing.Name)).ToArray());

    public static IResult Get(string endpoint, RoutingTable table, ReplicaStanding standing) =>
        table.Current.TryGet(endpoint, out var entry)
            ? TypedResults.Ok(Describe(entry, standing.Name))
            : ProblemResults.NotFound($"There is no route for endpoint '{endpoint}'.");

    private static RouteResponse Describe(RouteEntry entry, string replica) => new()
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
        Replica = replica,
    };
}
