using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// One bake metric from a monitoring system: its measurements so far and what they come to. A value within the limits is a success, outside
/// a failure; no data is inconclusive and never a pass; an answer that is none is an error.
/// </summary>
internal sealed class ExternalMetric(BakeMetric metric, MetricSource source, TimeSpan bakeInterval) : IMeasuredMetric
{
    private readonly MeasurementCount _count = new(metric, bakeInterval);
    private int _failuresInRow;

    public GateResult Result { get; private set; } = Look(metric, Verdict.Inconclusive, null, "not measured yet", 0);

    public string? Failure { get; private set; }

    public string? GivenUp => _count.GivenUp;

    public bool IsDue(DateTimeOffset switchedAt, DateTimeOffset now) => _count.IsDue(switchedAt, now);

    public async Task MeasureAsync(MetricSources sources, BeginBaking command, DateTimeOffset now, CancellationToken cancellationToken) =>
        Take(await sources.ReadAsync(source, command.Endpoint, command.Green, cancellationToken), now);

    /// <summary>Takes in one measurement.</summary>
    public void Take(MetricSample sample, DateTimeOffset now)
    {
        _count.Take(sample, now);
        if (sample.Value is not { } value)
        {
            Result = Look(metric, Verdict.Inconclusive, null, sample.Why!, _count.Measured);
            return;
        }

        var isWithin = !(value > metric.High) && !(value < metric.Low);
        _failuresInRow = isWithin ? 0 : _failuresInRow + 1;
        var text = FormattableString.Invariant($"{value:0.######} by {source.Kind}, {(isWithin ? "within" : "beyond")} ")
            + FormattableString.Invariant($"[{metric.Low?.ToString("0.####", null) ?? "…"}, {metric.High?.ToString("0.####", null) ?? "…"}]");
        Result = Look(metric, isWithin ? Verdict.Passed : Verdict.Failed, value, text, _count.Measured);
        if (_failuresInRow >= metric.FailureLimit) Failure = $"{metric.Name}: {text}";
    }

    private static GateResult Look(BakeMetric metric, Verdict verdict, double? value, string summary, int samples) => new()
    {
        Gate = metric.Name,
        Verdict = verdict,
        Value = value,
        Threshold = metric.High ?? metric.Low,
        Unit = "",
        Samples = samples,
        Summary = summary,
    };
}
