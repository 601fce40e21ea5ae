namespace BlueGreen.Router.Windows;

/// <summary>Counters of one second.</summary>
internal sealed class WindowSecond(long second)
{
    private readonly int[] _latencies = new int[LatencyBuckets.Count];
    private readonly int[] _answers = new int[AnswerClassification.Count];
    private float[]? _scores;
    private int[]? _copies;
    private int _scored;
    private int _inspected;
    private int _nullPredictions;

    public long Second { get; } = second;

    public void CountAnswer(int bucket, AnswerClass answer)
    {
        Interlocked.Increment(ref _latencies[bucket]);
        Interlocked.Increment(ref _answers[(int)answer]);
    }

    public bool WantsScore => Volatile.Read(ref _scored) < TrafficWindow.ScoresPerSecond;

    public void KeepScore(double score)
    {
        var place = Interlocked.Increment(ref _scored) - 1;
        if (place >= TrafficWindow.ScoresPerSecond) return;
        var scores = Volatile.Read(ref _scores) ?? Interlocked.CompareExchange(ref _scores, NoScores(), null) ?? _scores!;
        Volatile.Write(ref scores[place], (float)score);
    }

    /// <summary>In this order, so that whoever reads them in the other never sees more nulls than answers.</summary>
    public void CountInspected(bool isNull)
    {
        Interlocked.Increment(ref _inspected);
        if (isNull) Interlocked.Increment(ref _nullPredictions);
    }

    public void CountCopy(AnswerClass live, AnswerClass copy)
    {
        var copies = Volatile.Read(ref _copies) ?? Interlocked.CompareExchange(ref _copies, new int[CopyTally.Counters], null) ?? _copies!;
        CopyTally.Count(copies, live, copy);
    }

    public void AddTo(WindowSum sum)
    {
        for (var i = 0; i < _answers.Length; i++) sum.Answers[i] += Volatile.Read(ref _answers[i]);
        sum.NullPredictions += Volatile.Read(ref _nullPredictions);
        sum.Inspected += Volatile.Read(ref _inspected);
        if (Volatile.Read(ref _copies) is { } copies) sum.Copies.Add(copies);
        // A place that was taken and not filled yet holds no number.
        foreach (var score in Volatile.Read(ref _scores) ?? [])
        {
            if (!float.IsNaN(score)) sum.Scores.Add(score);
        }

        for (var i = 0; i < _latencies.Length; i++) sum.Latencies[i] += Volatile.Read(ref _latencies[i]);
    }

    private static float[] NoScores()
    {
        var scores = new float[TrafficWindow.ScoresPerSecond];
        Array.Fill(scores, float.NaN);
        return scores;
    }
}
