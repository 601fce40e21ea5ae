using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using MathNet.Numerics.Statistics;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Follows one replica through one kind of request until its latency is flat, within the policy's limits. Three windows are compared, or
/// two when the limits leave no room for more; when they leave no room for two either, the windows are smaller than the policy's.
/// </summary>
/// <param name="cell">What is sent.</param>
/// <param name="policy">The limits.</param>
/// <param name="options">What is noise, and what is failure.</param>
/// <param name="minRequests">Fewest requests; 0 where the replica has been through other kinds already.</param>
internal sealed class CellMeter(WarmupCell cell, WarmupPolicy policy, PrewarmerOptions options, int minRequests)
{
    private readonly int _window = WindowOf(policy);
    private readonly FlatnessTest _flatness = new(
        WindowOf(policy), policy.MaxRequests >= 4 * WindowOf(policy) ? 3 : 2, policy.StableTolerance, options.NoiseFloor);

    private readonly List<bool> _failures = [];
    private readonly List<double> _milliseconds = [];
    private string _lastError = "";
    private string _flatnessSaid = "";

    public WarmupCell Cell => cell;

    /// <summary>Null while more requests are wanted.</summary>
    public Warmth? Result { get; private set; }

    public int Requests => _failures.Count;

    /// <summary>Takes note of a reply and decides how to go on.</summary>
    public void Observe(InferenceReply reply)
    {
        _failures.Add(!reply.Succeeded);
        if (reply.Succeeded) _milliseconds.Add(reply.Latency.TotalMilliseconds);
        else _lastError = reply.Error!;
        if (MostlyFails())
            Result = new(false, $"{_failures.Count(failed => failed)} of {Requests} requests failed, the last with: {_lastError}");
        else if (IsFlat())
            Result = new(true, _flatnessSaid);
        else if (Requests >= policy.MaxRequests)
            Result = new(false, $"not flat after {Requests} requests: {WhyNot()}");
    }

    /// <summary>What is reported to the saga.</summary>
    public ShapeWarmth Report() => new()
    {
        Shape = cell.Shape,
        Batch = cell.Batch,
        ColdP99Milliseconds = P99(_milliseconds.Take(_window)),
        WarmP99Milliseconds = P99(_milliseconds.Skip(Math.Max(0, _milliseconds.Count - _window))),
        Requests = Requests,
        StopReason = Result?.Reason ?? "interrupted",
    };

    private bool MostlyFails() =>
        Requests >= options.RequestsBeforeGivingUp && _failures.Count(failed => failed) * 2 > Requests;

    private bool IsFlat()
    {
        if (Requests < minRequests || _milliseconds.Count < _flatness.Needed) return false;
        var recent = _failures.TakeLast(_flatness.Needed).Count(failed => failed);
        if (recent > options.ToleratedErrorShare * _flatness.Needed)
        {
            _flatnessSaid = $"{recent} of the last {_flatness.Needed} requests failed, the last with: {_lastError}";
            return false;
        }

        var verdict = _flatness.Judge(_milliseconds);
        _flatnessSaid = verdict.Description;
        return verdict.IsFlat;
    }

    private string WhyNot() => _flatnessSaid.Length > 0 ? _flatnessSaid : $"too few answers to compare ({_milliseconds.Count})";

    private static int WindowOf(WarmupPolicy policy) => Math.Max(2, Math.Min(policy.StableWindow, policy.MaxRequests / 3));

    private static double P99(IEnumerable<double> latencies)
    {
        var window = latencies.ToArray();
        return window.Length == 0 ? 0 : ArrayStatistics.QuantileInplace(window, 0.99);
    }
}

/// <summary>How warming one kind of request ended.</summary>
/// <param name="IsWarm">Whether latency became flat.</param>
/// <param name="Reason">Why it stopped, in words.</param>
internal sealed record Warmth(bool IsWarm, string Reason);
