using BlueGreen.Platform.Http;

namespace BlueGreen.Router.Drivers;

/// <summary>An endpoint's load balancer as this replica saw it last.</summary>
internal sealed record DriverResponse
{
    public required string Endpoint { get; init; }

    /// <summary>E.g. <c>haproxy/edge</c>.</summary>
    public required string Driver { get; init; }

    /// <summary><c>InSync</c>, <c>Converging</c>, <c>Behind</c>, <c>Ahead</c>, <c>Drifted</c>, <c>Overruled</c> or <c>Unknown</c>.</summary>
    public required string Standing { get; init; }
    public required long Epoch { get; init; }

    /// <summary>Why it is not in step; null: it is.</summary>
    public string? Problem { get; init; }
    public required string Wanted { get; init; }
    public required string Found { get; init; }
    public DateTimeOffset? InSyncSince { get; init; }

    /// <summary>Requests, connections or workers still at what is not live; null: the target does not tell.</summary>
    public int? InFlight { get; init; }

    public static DriverResponse Of(DriverStatus status) => new()
    {
        Endpoint = status.Route.Endpoint,
        Driver = status.Route.Settings.Name,
        Standing = status.Standing.ToString(),
        Epoch = status.Route.Epoch,
        Problem = status.Problem,
        Wanted = status.Wanted,
        Found = status.Found,
        InSyncSince = status.InSyncSince,
        InFlight = status.InFlight,
    };
}

/// <summary><c>/routes/{endpoint}/driver</c>.</summary>
internal static class DriverEndpoints
{
    public static void MapDriver(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/{endpoint}/driver", Get)
            .Produces<DriverResponse>().ProducesProblem(StatusCodes.Status404NotFound).RequireOperator();
        routes.MapPost("/{endpoint}/driver/apply", ApplyAsync)
            .Produces<DriverResponse>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).RequireOperator();
    }

    private static IResult Get(string endpoint, DriverKeeper keeper) =>
        keeper.Find(endpoint) is { } status ? TypedResults.Ok(DriverResponse.Of(status)) : Nothing(endpoint);

    /// <summary>Writes the route again, over what somebody else has changed.</summary>
    private static async Task<IResult> ApplyAsync(string endpoint, DriverKeeper keeper, CancellationToken cancellationToken)
    {
        if (await keeper.ApplyAgainAsync(endpoint, cancellationToken) is not { } status) return Nothing(endpoint);
        return status.Standing == DriverStanding.InSync
            ? TypedResults.Ok(DriverResponse.Of(status))
            : ProblemResults.Conflict($"{status.Route.Settings.Name} does not follow the route ({status.Standing}): {status.Problem}");
    }

    private static IResult Nothing(string endpoint) =>
        ProblemResults.NotFound($"'{endpoint}' has no live environment behind a load balancer (route.driver) that this replica knows of.");
}
