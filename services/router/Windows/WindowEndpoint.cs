using System.Text.Json;
using BlueGreen.Platform.Http;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Windows;

/// <summary>What an environment answered in a span of whole seconds, as this replica saw it.</summary>
public sealed record WindowResponse
{
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }

    /// <summary>First second counted; later than asked for when that is no longer kept.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of the last second counted; earlier than asked for when that is not over yet.</summary>
    public required DateTimeOffset To { get; init; }
    public required long Seconds { get; init; }
    public required long Requests { get; init; }

    /// <summary>Answers with a 5xx status and requests that got none, or not the whole of it.</summary>
    public required long Errors { get; init; }

    /// <summary>Requests by what came of them: <c>success</c>, <c>clientError</c>, <c>serverError</c>, <c>unreachable</c>, <c>timedOut</c>, <c>broken</c>, <c>cancelled</c>.</summary>
    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    /// <summary>Answers whose predictions were read: not those that are compressed, larger than 256 KiB or of an unknown media type.</summary>
    public required long Inspected { get; init; }

    /// <summary>Answers (not values) with null or NaN among their predictions: at most <see cref="Inspected"/>.</summary>
    public required long NullPredictions { get; init; }

    /// <summary>Copies of requests by what became of the request; null: not asked for (<c>copies=true</c>).</summary>
    public CopyResponse? Copies { get; init; }
    public required LatencyResponse Latency { get; init; }

    /// <summary>A sample of the predictions: the first of each answer, of at most 16 answers a second. Null: not asked for (<c>scores=true</c>).</summary>
    public IReadOnlyList<float>? Scores { get; init; }
}

/// <summary>How the environment fared with copies of requests that another answered.</summary>
public sealed record CopyResponse
{
    public required long Requests { get; init; }

    /// <summary>Copies whose request failed.</summary>
    public required long LiveErrors { get; init; }

    /// <summary>Copies that failed as their request did.</summary>
    public required long BothErrors { get; init; }

    /// <summary>Copies whose request was refused (4xx).</summary>
    public required long LiveClientErrors { get; init; }

    /// <summary>Copies that were refused as their request was.</summary>
    public required long BothClientErrors { get; init; }
}

/// <summary>Histogram of latencies; all routers share the bounds, so counts of several add up.</summary>
public sealed record LatencyResponse
{
    /// <summary>Upper bounds, exclusive, in milliseconds; the last is null: no bound.</summary>
    public required IReadOnlyList<double?> BoundsMilliseconds { get; init; }
    public required IReadOnlyList<long> Counts { get; init; }
}

/// <summary>
/// <c>GET /routes/{endpoint}/windows</c>: what clients asked for, and with <c>copies=true</c> also what was copied to the environment.
/// </summary>
internal static class WindowEndpoint
{
    public static IResult Get(
        string endpoint, Guid environment, DateTimeOffset from, DateTimeOffset to,
        RoutingTable table, EnvironmentRegistry environments, TimeProvider clock, bool scores = false, bool copies = false)
    {
        if (!table.Current.TryGet(endpoint, out _)) return ProblemResults.NotFound($"There is no route for endpoint '{endpoint}'.");
        if (to < from) return ProblemResults.Invalid(422, "to", "'to' is before 'from'; the window is [from, to).");
        var now = clock.GetUtcNow();
        var last = Math.Min(to.ToUnixTimeSeconds(), now.ToUnixTimeSeconds());
        var oldest = (now - TrafficWindow.Reach).ToUnixTimeSeconds();
        var first = Math.Min(last, Math.Max(oldest, (long)Math.Ceiling(from.ToUnixTimeMilliseconds() / 1000d)));
        // An environment that has not had a request here yet has windows full of nothing.
        var serving = environments.Find(environment);
        var sum = serving?.Window.Sum(first, last) ?? new WindowSum();
        if (copies) serving?.MirrorWindow.Sum(first, last, sum);
        return TypedResults.Ok(new WindowResponse
        {
            Endpoint = endpoint,
            EnvironmentId = environment,
            From = DateTimeOffset.FromUnixTimeSeconds(first),
            To = DateTimeOffset.FromUnixTimeSeconds(last),
            Seconds = last - first,
            Requests = sum.Requests,
            Errors = sum.Errors,
            Answers = Enum.GetValues<AnswerClass>().ToDictionary(
                answer => JsonNamingPolicy.CamelCase.ConvertName(answer.ToString()), answer => sum.Answers[(int)answer]),
            Inspected = sum.Inspected,
            NullPredictions = sum.NullPredictions,
            Copies = copies ? Read(sum.Copies) : null,
            Latency = new LatencyResponse { BoundsMilliseconds = LatencyBuckets.BoundsMilliseconds, Counts = sum.Latencies },
            Scores = scores ? sum.Scores : null,
        });
    }

    private static CopyResponse Read(CopyTally copies) => new()
    {
        Requests = copies.Requests,
        LiveErrors = copies.LiveErrors,
        BothErrors = copies.BothErrors,
        LiveClientErrors = copies.LiveClientErrors,
        BothClientErrors = copies.BothClientErrors,
    };
}
