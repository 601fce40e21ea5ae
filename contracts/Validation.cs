using System.Text.Json.Serialization;

namespace BlueGreen.Contracts;

/// <summary>Judge green before it may serve.</summary>
public sealed record ValidateEnvironment : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Endpoint { get; init; }
    public required Fleet Green { get; init; }

    /// <summary>Null for a first deployment: comparative gates are NotApplicable.</summary>
    public Fleet? Blue { get; init; }
    public required string Fingerprint { get; init; }
    public required GatePolicy Gates { get; init; }
}

/// <summary>Every required gate passed (or did not apply) for this very environment and fingerprint.</summary>
public sealed record EnvironmentValidated : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required string Fingerprint { get; init; }
    public required IReadOnlyList<GateResult> Gates { get; init; }
}

public sealed record ValidationFailed : IStageMessage
{
    public required Guid DeploymentId { get; init; }
    public required int Attempt { get; init; }
    public required string Reason { get; init; }
    public required IReadOnlyList<GateResult> Gates { get; init; }
}

/// <summary>One gate's (or one bake metric's) verdict with the evidence it rests on.</summary>
public sealed record GateResult
{
    /// <summary>E.g. <c>latency-p99</c>, <c>distribution-ks</c>.</summary>
    public required string Gate { get; init; }
    public required Verdict Verdict { get; init; }

    /// <summary>What was measured; null when nothing could be.</summary>
    public double? Value { get; init; }
    public double? Threshold { get; init; }

    /// <summary>Unit of value and threshold: <c>ms</c>, <c>share</c>, <c>D</c>, <c>replicas</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Observations behind the value, per side for a comparison.</summary>
    public required int Samples { get; init; }

    /// <summary>Confidence interval of the value, where the gate judges by one.</summary>
    public double? IntervalLow { get; init; }
    public double? IntervalHigh { get; init; }

    /// <summary>p-value, where the statistic has one.</summary>
    public double? PValue { get; init; }

    /// <summary>
    /// How often this very gate failed blue against itself, on draws from blue's own scores: what a failure is worth. Null where the gate
    /// does not compare.
    /// </summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>The margin that blue against itself and against its retrains asks for, where the gate fits it; it is the threshold unless that is capped.</summary>
    public double? FittedMargin { get; init; }

    /// <summary>The model's output that the figures are of; null where it has but one.</summary>
    public string? Output { get; init; }

    /// <summary>How long the measurement took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>One sentence for a person.</summary>
    public required string Summary { get; init; }
}

/// <summary>Only <see cref="Passed"/> and <see cref="NotApplicable"/> let a deployment go on: no data is never a pass. Written by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    Inconclusive = 0,
    Passed,
    Failed,
    NotApplicable,
}
