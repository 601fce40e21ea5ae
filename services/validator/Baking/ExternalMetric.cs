using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// One bake metric from a monitoring system: its measurements so far and what they come to. A value within the limits is a success, outside
/// a failure; no data is inconclusive and never a pass; an answer that is none is an error.
/// </summary>
internal sealed class ExternalMetric(BakeMetric metric, MetricSource source, TimeSpan bakeInterval)
{
    private int _measured;
    private int _failuresInRow;
    private int _inconclusive;
    private int _errorsInRow;
    private DateTimeOffset? _last;

    /// <summary>The last measurement; null before the first.</summary>
    public GateResult Result { get; private set; } = Look(metric, Verdict.Inconclusive, null, "not measured yet", 0);

    /// <summary>Why the bake has failed; null while it has not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Why there will be no verdict; null while there may be one.</summary>
    public string? GivenUp { get; private set; }

    public MetricSource Source => source;

    /// <summary>Whether it is time to measure, the bake having begun at the switch.</summary>
    public bool IsDue(DateTimeOffset switchedAt, DateTimeOffset now) =>
        now >= switchedAt + metric.InitialDelay
        && !(metric.Count is { } count && _measured >= count)
        && (_last is not { } last || now - last >= (metric.Interval ?? bakeInterval));

    /// <summary>Takes in one measurement.</summary>
    public void Take(MetricSample sample, DateTimeOffset now)
    {
        _last = now;
        _errorsInRow = sample.IsError ? _errorsInRow + 1 : 0;
        if (sample.Value is not { } value)
        {
            _inconclusive++;
            Result = Look(metric, Verdict.Inconclusive, null, sample.Why!, _measured);
            if (_errorsInRow > metric.ConsecutiveErrorLimit)
                GivenUp = $"{metric.Name}: {_errorsInRow} errors in a row, the last: {sample.Why}";
            else if (metric.InconclusiveLimit is { } limit && _inconclusive > limit)
                GivenUp = $"{metric.Name}: {_inconclusive} measurements without a value, the last: {sample.Why}";
            return;
        }

        _measured++;
        var isWithin = !(value > metric.High) && !(value < metric.Low);
        _failuresInRow = isWithin ? 0 : _failuresInRow + 1;
        var text = FormattableString.Invariant($"{value:0.######} by {source.Kind}, {(isWithin ? "within" : "beyond")} ")
            + FormattableString.Invariant($"[{metric.Low?.ToString("0.####", null) ?? "…"}, {metric.High?.ToString("0.####", null) ?? "…"}]");
        Result = Look(metric, isWithin ? Verdict.Passed : Verdict.Failed, value, text, _measured);
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
