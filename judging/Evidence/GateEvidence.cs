using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// What one gate judged: its results, and the measurement they rest on where it can be judged again. Exactly the member of the gate's kind
/// is set; none is when nothing was measured, when nothing but a fact was (health, schema, compatibility), or when the measurement is too large to keep.
/// </summary>
public sealed record GateEvidence
{
    /// <summary>One of <see cref="GateNames"/>, without percentile or statistic.</summary>
    public required string Gate { get; init; }

    /// <summary>As they were told.</summary>
    public required IReadOnlyList<GateResult> Results { get; init; }

    public LatencyEvidence? Latency { get; init; }
    public ErrorRateEvidence? ErrorRate { get; init; }
    public GoldenEvidence? Golden { get; init; }
    public DistributionEvidence? Distribution { get; init; }
    public PairedEvidence? Paired { get; init; }
    public FeatureEvidence? Features { get; init; }
    public ExternalEvidence? External { get; init; }

    /// <summary>Results without a measurement behind them.</summary>
    public static GateEvidence Of(string gate, params IReadOnlyList<GateResult> results) => new() { Gate = gate, Results = results };

    /// <summary>Within bounds: where a part of a measurement is itself one (scores in random order), the part; else the results alone.</summary>
    /// <param name="most">Scores per side.</param>
    public GateEvidence Within(int most) => this with
    {
        Golden = Golden is { } golden && golden.Scores.Count <= most ? golden : null,
        Distribution = Distribution?.Within(most),
        Paired = Paired?.Within(most),
        Features = Features?.Within(most),
    };
}
