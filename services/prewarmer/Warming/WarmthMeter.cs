using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using MathNet.Numerics.Statistics;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Follows one replica through its warm-up, request by request: single rows until latency is flat, then (when production sends batches)
/// the largest batch until that is flat too, both within the policy's limits on requests. Three windows are compared, or two when the
/// limits leave no room for more; when they leave no room for two either, the windows are smaller than the policy's.
/// </summary>
internal sealed class WarmthMeter
{
    private readonly WarmupPolicy _policy;
    private readonly PrewarmerOptions _options;
    private readonly bool _withBatches;
    private readonly int _window;
    private readonly FlatnessTest _flatness;
    private readonly List<bool> _failures = [];
    private readonly List<double> _single = [];
    private readonly List<double> _batch = [];
    private string _lastError = "";
    private string _lastFlatness = "";
    private string _singleFlatness = "";

    public WarmthMeter(WarmupPolicy policy, PrewarmerOptions options, bool withBatches)
    {
        (_policy, _options, _withBatches) = (policy, options, withBatches);
        var sizes = withBatches ? 2 : 1;
        _window = Math.Max(2, Math.Min(policy.StableWindow, _policy.MaxRequests / (3 * sizes)));
        var windows = policy.MaxRequests >= 4 * sizes * _window ? 3 : 2;
        _flatness = new FlatnessTest(_window, windows, policy.StableTolerance, options.NoiseFloor);
    }

    /// <summary>True when the next request shall carry the largest batch.</summary>
    public bool WantsBatch { get; private set; }

    /// <summary>Null while more requests are wanted.</summary>
    public Warmth? Result { get; private set; }

    private int Requests => _failures.Count;

    private List<double> Series => WantsBatch ? _batch : _single;

    /// <summary>Takes note of a reply and decides how to go on.</summary>
    public void Observe(InferenceReply reply)
    {
        _failures.Add(!reply.Succeeded);
        if (reply.Succeeded) Series.Add(reply.Latency.TotalMilliseconds);
        else _lastError = reply.Error!;
        if (MostlyFails()) End(false, $"{_failures.Count(failed => failed)} of {Requests} requests failed, the last with: {_lastError}");
        else if (IsFlat()) Advance();
        if (Result is null && Requests >= _policy.MaxRequests) End(false, $"not flat after {Requests} requests: {WhyNot()}");
    }

    /// <summary>What is reported to the saga.</summary>
    public ReplicaWarmth Report(int index) => new()
    {
        Index = index,
        ColdP99Milliseconds = P99(_single.Take(_window)),
        WarmP99Milliseconds = P99(_single.Skip(Math.Max(0, _single.Count - _window))),
        Requests = Requests,
        StopReason = Result?.Reason ?? "interrupted",
    };

    private bool MostlyFails() =>
        Requests >= _options.RequestsBeforeGivingUp && _failures.Count(failed => failed) * 2 > Requests;

    private bool IsFlat()
    {
        if (Requests < _policy.MinRequests && !WantsBatch) return false;
        if (Series.Count < _flatness.Needed) return false;
        var recent = _failures.TakeLast(_flatness.Needed).Count(failed => failed);
        if (recent > _options.ToleratedErrorShare * _flatness.Needed)
        {
            _lastFlatness = $"{recent} of the last {_flatness.Needed} requests failed, the last with: {_lastError}";
            return false;
        }

        var verdict = _flatness.Judge(Series);
        _lastFlatness = verdict.Description;
        return verdict.IsFlat;
    }

    private void Advance()
    {
        if (_withBatches && !WantsBatch)
        {
            WantsBatch = true;
            _singleFlatness = _lastFlatness;
            _lastFlatness = "";
            return;
        }

        End(true, WantsBatch
            ? $"flat after {Requests} requests; single rows: {_singleFlatness}; batches of {_policy.MaxBatch}: {_lastFlatness}"
            : $"flat after {Requests} requests: {_lastFlatness}");
    }

    private string WhyNot() => (WantsBatch ? $"batches of {_policy.MaxBatch}: " : "")
        + (_lastFlatness.Length > 0 ? _lastFlatness : $"too few answers to compare ({Series.Count})");

    private void End(bool warm, string reason) => Result = new(warm, reason);

    private static double P99(IEnumerable<double> latencies)
    {
        var window = latencies.ToArray();
        return window.Length == 0 ? 0 : ArrayStatistics.QuantileInplace(window, 0.99);
    }
}

/// <summary>How warming one replica ended.</summary>
/// <param name="IsWarm">Whether latency became flat.</param>
/// <param name="Reason">Why it stopped, in words.</param>
internal sealed record Warmth(bool IsWarm, string Reason);
