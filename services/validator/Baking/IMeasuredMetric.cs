using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;

namespace BlueGreen.Validator.Baking;

/// <summary>A bake metric that a monitoring system is asked for.</summary>
internal interface IMeasuredMetric
{
    /// <summary>The last measurement; inconclusive before the first.</summary>
    GateResult Result { get; }

    /// <summary>Why the bake has failed; null while it has not.</summary>
    string? Failure { get; }

    /// <summary>Why there will be no verdict; null while there may be one.</summary>
    string? GivenUp { get; }

    /// <summary>Whether it is time to measure, the bake having begun at the switch.</summary>
    bool IsDue(DateTimeOffset switchedAt, DateTimeOffset now);

    /// <summary>Measures once. What goes wrong is data.</summary>
    Task MeasureAsync(MetricSources sources, BeginBaking command, DateTimeOffset now, CancellationToken cancellationToken);
}
