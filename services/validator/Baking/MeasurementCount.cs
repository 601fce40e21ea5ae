using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;

namespace BlueGreen.Validator.Baking;

/// <summary>How often a source was asked for a bake metric, and how often in vain.</summary>
internal sealed class MeasurementCount(BakeMetric metric, TimeSpan bakeInterval)
{
    private int _inconclusive;
    private int _errorsInRow;
    private DateTimeOffset? _last;

    /// <summary>Measurements with a value.</summary>
    public int Measured { get; private set; }

    /// <summary>Why asking on is useless; null while it is not.</summary>
    public string? GivenUp { get; private set; }

    public bool IsDue(DateTimeOffset switchedAt, DateTimeOffset now) =>
        now >= switchedAt + metric.InitialDelay
        && !(metric.Count is { } count && Measured >= count)
        && (_last is not { } last || now - last >= (metric.Interval ?? bakeInterval));

    /// <summary>Takes note of one measurement; what is without a value counts against the limits.</summary>
    public void Take(MetricSample sample, DateTimeOffset now)
    {
        _last = now;
        _errorsInRow = sample.IsError ? _errorsInRow + 1 : 0;
        if (sample.Value is not null)
        {
            Measured++;
            return;
        }

        _inconclusive++;
        if (_errorsInRow > metric.ConsecutiveErrorLimit)
            GivenUp = $"{metric.Name}: {_errorsInRow} errors in a row, the last: {sample.Why}";
        else if (metric.InconclusiveLimit is { } limit && _inconclusive > limit)
            GivenUp = $"{metric.Name}: {_inconclusive} measurements without a value, the last: {sample.Why}";
    }
}
