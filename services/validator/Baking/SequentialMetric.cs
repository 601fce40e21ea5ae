using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;
using BlueGreen.Validator.Metrics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// One bake metric that is a mean of many observations (of zeros and ones a share: of visits that buy, of decisions that are appealed), of
/// green, or of green less blue. It fails when all of its confidence sequence is beyond the limits and passes when all of it is within;
/// until then the bake is underpowered, and goes on. Looking costs nothing: see <see cref="ConfidenceSequence"/>.
/// </summary>
internal sealed class SequentialMetric : IMeasuredMetric
{
    private readonly BakeMetric _metric;
    private readonly MetricSource _source;
    private readonly SequentialTest _test;
    private readonly MeasurementCount _count;
    private readonly RunningSum _green = new();
    private readonly RunningSum? _blue;
    private readonly double _alpha;
    private int _failuresInRow;

    /// <param name="metric">The metric, with its source and test.</param>
    /// <param name="bakeInterval">Pause between measurements unless the metric says otherwise.</param>
    /// <param name="budget">Probability that a green within the limits is failed, over the whole bake.</param>
    public SequentialMetric(BakeMetric metric, TimeSpan bakeInterval, double budget)
    {
        (_metric, _source, _test) = (metric, metric.Source!, metric.Sequential!);
        _count = new(metric, bakeInterval);
        _blue = _test.AgainstBlue ? new() : null;
        // Each colour may err with half of it.
        _alpha = Math.Min(budget, 1 - _test.Confidence) / (_test.AgainstBlue ? 2 : 1);
        Result = Look(Verdict.Inconclusive, null, "not measured yet");
    }

    public GateResult Result { get; private set; }

    public string? Failure { get; private set; }

    public string? GivenUp => _count.GivenUp;

    public bool IsDue(DateTimeOffset switchedAt, DateTimeOffset now) =>
        Result.Verdict != Verdict.NotApplicable && _count.IsDue(switchedAt, now);

    public async Task MeasureAsync(MetricSources sources, BeginBaking command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_blue is not null && command.Blue is null)
        {
            Result = Look(Verdict.NotApplicable, null, "a first deployment has no blue to compare with");
            return;
        }

        var green = ReadAsync(sources, command.Endpoint, command.Green, cancellationToken);
        var blue = _blue is null ? green : ReadAsync(sources, command.Endpoint, command.Blue!, cancellationToken);
        var (greenNow, blueNow) = (await green, await blue);
        var sample = _green.Take(greenNow.Sum, greenNow.Count, _test.Largest);
        if (sample.Value is not null && _blue is not null) sample = Of("blue", _blue.Take(blueNow.Sum, blueNow.Count, _test.Largest));
        Take(sample, now);
    }

    /// <summary>Judges what has been counted.</summary>
    private void Take(MetricSample sample, DateTimeOffset now)
    {
        _count.Take(sample, now);
        if (sample.Value is null)
        {
            Result = Look(Verdict.Inconclusive, null, sample.Why!);
            return;
        }

        if (_green.Count == 0 || _blue?.Count == 0)
        {
            Result = Look(Verdict.Inconclusive, null, $"{(_green.Count == 0 ? "green" : "blue")} has no observation yet");
            return;
        }

        var (low, high) = Interval();
        var verdict = high < _metric.Low || low > _metric.High ? Verdict.Failed
            : !(low < _metric.Low) && !(high > _metric.High) ? Verdict.Passed : Verdict.Inconclusive;
        Result = Look(verdict, Value(), Text(verdict, low, high)) with { IntervalLow = low, IntervalHigh = high };
        if (verdict == Verdict.Failed) _failuresInRow++;
        else if (verdict == Verdict.Passed) _failuresInRow = 0;
        if (verdict == Verdict.Failed && _failuresInRow >= _metric.FailureLimit) Failure = $"{_metric.Name}: {Result.Summary}";
    }

    private async Task<(MetricSample Sum, MetricSample Count)> ReadAsync(
        MetricSources sources, string endpoint, Fleet fleet, CancellationToken cancellationToken)
    {
        // The count last: what is counted in between makes the mean smaller, never impossible.
        var sum = await sources.ReadAsync(_source, endpoint, fleet, cancellationToken);
        var count = await sources.ReadAsync(
            _source with { Query = _test.CountQuery, Value = _test.CountValue ?? _source.Value }, endpoint, fleet, cancellationToken);
        return (sum, count);
    }

    private static MetricSample Of(string colour, MetricSample sample) =>
        sample.Value is null ? sample with { Why = $"{colour}: {sample.Why}" } : sample;

    private double Value() => _test.Largest * (Sequence(_green).Mean - (_blue is null ? 0 : Sequence(_blue).Mean));

    private (double Low, double High) Interval()
    {
        var green = Sequence(_green);
        var (low, high) = (green.LowerBound(_alpha), green.UpperBound(_alpha));
        if (_blue is null) return (_test.Largest * low, _test.Largest * high);
        var blue = Sequence(_blue);
        return (_test.Largest * (low - blue.UpperBound(_alpha)), _test.Largest * (high - blue.LowerBound(_alpha)));
    }

    private ConfidenceSequence Sequence(RunningSum colour) => new(colour.Sum / _test.Largest, colour.Count);

    private string Text(Verdict verdict, double low, double high)
    {
        var word = verdict switch
        {
            Verdict.Passed => "within",
            Verdict.Failed => "beyond",
            _ => "undecided against",
        };
        var of = _blue is null
            ? FormattableString.Invariant($"{_green.Count:0} observations")
            : FormattableString.Invariant($"green less blue, {_green.Count:0} and {_blue.Count:0} observations");
        return FormattableString.Invariant($"{Value():0.######} by {_source.Kind} ({of}), {low:0.######} to {high:0.######} whenever it is looked at: ")
            + FormattableString.Invariant($"{word} [{_metric.Low?.ToString("0.######", null) ?? "…"}, {_metric.High?.ToString("0.######", null) ?? "…"}]");
    }

    private GateResult Look(Verdict verdict, double? value, string summary) => new()
    {
        Gate = _metric.Name,
        Verdict = verdict,
        Value = value,
        Threshold = _metric.High ?? _metric.Low,
        Unit = "",
        Samples = (int)Math.Min(int.MaxValue, _green.Count),
        Summary = summary,
    };
}
