using BlueGreen.Bench.Routing.Peers;

namespace BlueGreen.Bench.Routing.Switching;

/// <summary>The last line of <c>switch</c>.</summary>
internal sealed record SwitchReport : IReport
{
    private const double LeastRequestsPerSecond = 2000;
    private const double MostConvergenceMilliseconds = 20;
    private const double MostHoldMilliseconds = 50;

    public required int Switches { get; init; }
    public required int Requests { get; init; }

    /// <summary>Requests per second while switches were made: of the fast and the strict part the lower.</summary>
    public double? RequestsPerS { get; init; }

    /// <summary>Anything but 200.</summary>
    public required int Failed { get; init; }

    /// <summary>Answered by another environment than the epoch says, or, in the strict part, under an older epoch than had been seen before.</summary>
    public required int WrongEpoch { get; init; }
    public required int Unconfirmed { get; init; }
    public Quantiles? ConvergenceMs { get; init; }
    public Quantiles? MixedMs { get; init; }
    public Quantiles? StrictHoldMs { get; init; }
    public Quantiles? StrictMixedMs { get; init; }

    /// <summary>By name; <c>…_by_us</c>: made by our adapter.</summary>
    public IReadOnlyDictionary<string, PeerReport>? Peers { get; init; }

    public IReadOnlyList<string> Missed => new Bounds()
        .None("failed", Failed)
        .None("wrong_epoch", WrongEpoch)
        .None("peers.unconfirmed", Peers?.Values.Sum(peer => peer.Unconfirmed ?? 0) ?? 0)
        .AtLeast("requests_per_s", RequestsPerS, LeastRequestsPerSecond)
        .AtMost("convergence_ms.p99", ConvergenceMs?.P99, MostConvergenceMilliseconds)
        .AtMost("strict_hold_ms.p99", StrictHoldMs?.P99, MostHoldMilliseconds)
        .Missed;
}
