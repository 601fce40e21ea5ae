namespace BlueGreen.Router.Windows;

/// <summary>Counters of one second.</summary>
internal sealed class WindowSecond(long second)
{
    private readonly int[] _latencies = new int[LatencyBuckets.Count];
    private int _requests;
    private int _errors;
    private int _nullPredictions;

    public long Second { get; } = second;

    public void CountAnswer(int bucket, bool isError)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _latencies[bucket]);
        if (isError) Interlocked.Increment(ref _errors);
    }

    public void CountNullPrediction() => Interlocked.Increment(ref _nullPredictions);

    public void AddTo(WindowSum sum)
    {
        sum.Requests += Volatile.Read(ref _requests);
        sum.Errors += Volatile.Read(ref _errors);
        sum.NullPredictions += Volatile.Read(ref _nullPredictions);
        for (var i = 0; i < _latencies.Length; i++) sum.Latencies[i] += Volatile.Read(ref _latencies[i]);
    }
}
