using BlueGreen.Platform.Http;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Mirroring;

/// <summary>What mirrored requests came to, as this replica saw it.</summary>
internal sealed record PairsResponse
{
    public required string Endpoint { get; init; }

    /// <summary>The environment that got the copies.</summary>
    public required Guid EnvironmentId { get; init; }

    /// <summary>Requests that were not copied because there was no room for more copies.</summary>
    public required long Dropped { get; init; }

    /// <summary>Oldest first; at most the latest 4,096.</summary>
    public required IReadOnlyList<MirroredPair> Pairs { get; init; }
}

/// <summary><c>GET /routes/{endpoint}/pairs</c>.</summary>
internal static class PairEndpoint
{
    public static IResult Get(string endpoint, Guid environment, DateTimeOffset? since, RoutingTable table, PairLog pairs)
    {
        if (!table.Current.TryGet(endpoint, out _)) return ProblemResults.NotFound($"There is no route for endpoint '{endpoint}'.");
        var (found, dropped) = pairs.Read(environment, since ?? DateTimeOffset.MinValue);
        return TypedResults.Ok(new PairsResponse { Endpoint = endpoint, EnvironmentId = environment, Dropped = dropped, Pairs = found });
    }
}
