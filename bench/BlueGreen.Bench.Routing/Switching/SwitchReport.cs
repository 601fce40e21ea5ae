using System.Text.Json.Serialization;
using BlueGreen.Bench.Routing.Peers;

namespace BlueGreen.Bench.Routing.Switching;

/// <summary>The last line of <c>switch</c>.</summary>
internal sealed record SwitchReport : IReport
{
    public required int Switches { get; init; }
    public required int Requests { get; init; }

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

    [JsonIgnore]
    public bool IsGood => Failed == 0 && WrongEpoch == 0 && Peers?.Values.Any(peer => peer.Unconfirmed > 0) != true;
}
