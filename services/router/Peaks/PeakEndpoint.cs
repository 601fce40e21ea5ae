using BlueGreen.Platform.Http;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Peaks;

/// <summary>The busiest ten seconds of an endpoint within the last week, as this replica saw it; zeros when it saw none.</summary>
internal sealed record PeakResponse
{
    public required string Endpoint { get; init; }

    /// <summary>Answers per second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Requests in flight on average.</summary>
    public required double Concurrency { get; init; }
}

/// <summary><c>GET /routes/{endpoint}/peak</c>.</summary>
internal static class PeakEndpoint
{
    public static IResult Get(string endpoint, RoutingTable table, PeakBook book, PeakWatch watch)
    {
        if (!table.Current.TryGet(endpoint, out _)) return ProblemResults.NotFound($"There is no route for endpoint '{endpoint}'.");
        // What happened since the last look counts as well.
        watch.Look();
        var peak = book.Of(endpoint);
        return TypedResults.Ok(new PeakResponse
        {
            Endpoint = endpoint,
            RequestsPerSecond = peak?.RequestsPerSecond ?? 0,
            Concurrency = peak?.Concurrency ?? 0,
        });
    }
}
