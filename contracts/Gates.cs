namespace BlueGreen.Contracts;

/// <summary>The gates green must pass before the switch; a null member is a gate that the policy does not ask for.</summary>
public sealed record GatePolicy
{
    public HealthGate? Health { get; init; }
    public LatencyGate? Latency { get; init; }
    public ErrorRateGate? ErrorRate { get; init; }
    public DistributionGate? Distribution { get; init; }
    public SchemaGate? Schema { get; init; }
    public GoldenGate? Golden { get; init; }
    public PairedGate? Paired { get; init; }

    public FeatureGate? Features { get; init; }
    public CompatibilityGate? Compatibility { get; init; }

    /// <summary>Numbers of monitoring systems; null or empty: none.</summary>
    public IReadOnlyList<ExternalGate>? External { get; init; }

    /// <summary>Payloads that the gates send, one inference request per line.</summary>
    public BlobReference? Payloads { get; init; }

    /// <summary>True: the gates send live requests that the router captured.</summary>
    public bool Captured { get; init; }

    /// <summary>The load under which green is measured; null: a rate that the validator is set to.</summary>
    public LoadPolicy? Load { get; init; }
}

/// <summary>How much is asked of green while it is measured.</summary>
public sealed record LoadPolicy
{
    /// <summary>Times the endpoint's observed peak, e.g. 1.2.</summary>
    public required double Factor { get; init; }

    /// <summary>Requests per second, over all replicas, when no peak was observed; null: what the validator is set to.</summary>
    public double? Rate { get; init; }

    /// <summary>How long the load lasts at least, where a peak was observed.</summary>
    public required TimeSpan Duration { get; init; }
}

/// <summary>Every replica is live, ready and answers for its model.</summary>
public sealed record HealthGate;

/// <summary>Latency percentiles of green under the validator's own requests; a null percentile is not judged.</summary>
public sealed record LatencyGate
{
    public TimeSpan? P50 { get; init; }
    public TimeSpan? P95 { get; init; }
    public TimeSpan? P99 { get; init; }

    /// <summary>Requests to measure, over all replicas; more are where a percentile does not show in so few.</summary>
    public required int Requests { get; init; }
}

/// <summary>Share of failed requests (transport error, 4xx, 5xx or unreadable body) among the validator's own.</summary>
public sealed record ErrorRateGate
{
    /// <summary>Largest tolerated share in [0, 1].</summary>
    public required double Max { get; init; }
}

/// <summary>
/// Green's inputs and outputs, as its metadata declare them, fit the requests it is to answer, and blue's where there is one: an input
/// that blue's callers do not send, or an output that they miss, fails.
/// </summary>
public sealed record SchemaGate;

/// <summary>
/// Blue and green each read what the other writes: inputs, outputs and the state they leave behind, by the versions that both declare. Without
/// it the way back could lead to a blue that cannot read what green has written.
/// </summary>
public sealed record CompatibilityGate
{
    /// <summary>Where a replica answers GET with its declaration, e.g. <c>/compatibility</c>.</summary>
    public required string Path { get; init; }
}

/// <summary>What live requests carry is what green was made for.</summary>
public sealed record FeatureGate
{
    /// <summary>Requests like those that green was trained or tested on, one per line; null: drift is not judged.</summary>
    public BlobReference? Reference { get; init; }

    /// <summary>Features that every live request must carry, beside the inputs that green itself declares.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Features whose nulls and drift are not judged, e.g. identifiers and what is redacted.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Largest harmless share of nulls of any feature, in [0, 1].</summary>
    public required double MaxNullRate { get; init; }

    /// <summary>The statistic that tells how far a feature has drifted; words are always compared by <c>jensen-shannon</c>.</summary>
    public required string Statistic { get; init; }

    /// <summary>Largest harmless drift of any feature, in the statistic's own unit.</summary>
    public required double Margin { get; init; }

    /// <summary>Of all features' intervals together, e.g. 0.95.</summary>
    public required double Confidence { get; init; }

    /// <summary>Live requests to look at, the newest.</summary>
    public required int Requests { get; init; }
}

/// <summary>Green and blue answer the same requests.</summary>
public sealed record PairedGate
{
    /// <summary>Largest harmless share of answers that differ.</summary>
    public required double MaxDisagreement { get; init; }

    /// <summary>Scores that differ by more are different answers.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Requests to compare.</summary>
    public required int Requests { get; init; }

    /// <summary>Outputs that are not compared, e.g. identifiers and times.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}

/// <summary>A monitoring system's number within limits.</summary>
public sealed record ExternalGate
{
    /// <summary>Its name; results call it <c>external-</c>name.</summary>
    public required string Name { get; init; }

    public required MetricSource Source { get; init; }

    /// <summary>Smallest healthy value; null: no lower limit.</summary>
    public double? Low { get; init; }

    /// <summary>Largest healthy value; null: no upper limit.</summary>
    public double? High { get; init; }

    /// <summary>The verdict is told and does not count.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Requests whose right answers are known. A null limit is not judged.</summary>
public sealed record GoldenGate
{
    /// <summary>One inference request per line, each with its label.</summary>
    public required BlobReference File { get; init; }

    /// <summary>JSON pointer into a request to its label, 0 or 1: a value, or a list of one per row.</summary>
    public required string Label { get; init; }

    /// <summary>Smallest recall of ones at <see cref="MaxFpr"/>.</summary>
    public double? MinRecall { get; init; }

    /// <summary>Largest share of zeros that may be taken for ones.</summary>
    public double MaxFpr { get; init; } = 0.01;

    /// <summary>Smallest share of scores on the right side of <see cref="DecisionThreshold"/>.</summary>
    public double? MinAccuracy { get; init; }

    /// <summary>A score at or above it counts as 1.</summary>
    public double DecisionThreshold { get; init; } = 0.5;

    /// <summary>Largest expected calibration error, 10 bins of equal width.</summary>
    public double? MaxCalibrationError { get; init; }

    /// <summary>Largest distance of a score from <see cref="Expected"/> that still counts as that answer.</summary>
    public double? Tolerance { get; init; }

    /// <summary>JSON pointer to the expected score, for <see cref="Tolerance"/>.</summary>
    public string Expected { get; init; } = "/parameters/expected";
}

/// <summary>Distance between green's and blue's score distributions, judged as an effect against a margin.</summary>
public sealed record DistributionGate
{
    /// <summary><c>ks</c>, <c>psi</c>, <c>kl</c>, <c>jensen-shannon</c>, <c>wasserstein</c>, <c>chi-square</c> or <c>mann-whitney</c>.</summary>
    public required string Statistic { get; init; }

    /// <summary>Largest harmless effect, in the statistic's own unit.</summary>
    public required double Margin { get; init; }

    /// <summary>Confidence of the interval that is compared with the margin, e.g. 0.95.</summary>
    public required double Confidence { get; init; }

    /// <summary>Samples per side to begin with.</summary>
    public required int MinSamples { get; init; }

    /// <summary>Samples per side after which an undecided gate is Inconclusive.</summary>
    public required int MaxSamples { get; init; }

    /// <summary>How many bins, for the statistics that need them.</summary>
    public int Bins { get; init; } = 10;

    /// <summary>How the bins' edges are found.</summary>
    public BinRule BinRule { get; init; }

    /// <summary>What a share of 0 counts as where its logarithm is taken (PSI; KL on blue's side).</summary>
    public double Epsilon { get; init; } = 0.0001;

    /// <summary>Base of the logarithms of KL and Jensen–Shannon, e.g. e (nats) or 2 (bits).</summary>
    public double LogBase { get; init; } = Math.E;

    /// <summary>JSON pointer into a request whose value says which slice it belongs to; null: no slices.</summary>
    public string? SliceBy { get; init; }

    /// <summary>Slices with fewer samples per side are judged together, as one slice.</summary>
    public int MinSliceSamples { get; init; } = 200;

    /// <summary>Outputs that are not compared, e.g. identifiers and times.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>How the margin is fitted; null: it is <see cref="Margin"/>.</summary>
    public MarginCalibration? Calibration { get; init; }
}

/// <summary>
/// A margin fitted on what is known to be harmless: blue against itself on different inputs, and blue against retrains of it. Without
/// retrains it is never below the gate's own margin, as only they show how far good models differ.
/// </summary>
public sealed record MarginCalibration
{
    /// <summary>Scores of retrains that are as good as blue, CSV: a column per output, under its name, or one column without a header.</summary>
    public IReadOnlyList<BlobReference> Retrains { get; init; } = [];

    /// <summary>Random splits of blue's answers into halves.</summary>
    public int Splits { get; init; } = 50;

    /// <summary>Share of the splits that the margin lets pass.</summary>
    public double Quantile { get; init; } = 0.95;

    /// <summary>Largest margin that may come of it, in the statistic's own unit.</summary>
    public required double MaxMargin { get; init; }
}
