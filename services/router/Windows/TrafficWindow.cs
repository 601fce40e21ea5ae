namespace BlueGreen.Router.Windows;

/// <summary>
/// What one environment answered, second by second, for the last 17 minutes. Written by every request without a lock: a second is an
/// object of counters, put into its place in the ring by compare-and-swap when its first answer comes.
/// </summary>
internal sealed class TrafficWindow(TimeProvider clock)
{
    /// <summary>As many predictions of each second are kept: reading more of them would cost more than it tells.</summary>
    public const int ScoresPerSecond = 16;

    private const int Seconds = 1024;

    private readonly WindowSecond?[] _ring = new WindowSecond?[Seconds];
    private long _nullPredictions;

    /// <summary>How far back the windows reach: less than the ring holds, so that what is read is not overwritten meanwhile.</summary>
    public static TimeSpan Reach { get; } = TimeSpan.FromSeconds(Seconds - 4);

    /// <summary>Counts an answer in the second in which it was complete.</summary>
    /// <param name="latency">From the request's header to the end of its answer.</param>
    /// <param name="answer">What came of it.</param>
    public void CountAnswer(TimeSpan latency, AnswerClass answer) => Now()?.CountAnswer(LatencyBuckets.IndexOf(latency), answer);

    /// <summary>Counts the answer to a copy, and what became of the request itself.</summary>
    /// <param name="latency">Of the copy.</param>
    /// <param name="copy">What came of the copy.</param>
    /// <param name="live">What came of the request.</param>
    public void CountCopy(TimeSpan latency, AnswerClass copy, AnswerClass live)
    {
        if (Now() is not { } second) return;
        second.CountAnswer(LatencyBuckets.IndexOf(latency), copy);
        second.CountCopy(live, copy);
    }

    /// <summary>An answer's predictions were read.</summary>
    /// <param name="isNull">Null or NaN was among them.</param>
    public void CountInspected(bool isNull)
    {
        if (isNull) Interlocked.Increment(ref _nullPredictions);
        Now()?.CountInspected(isNull);
    }

    /// <summary>Answers with null or NaN among their predictions since the start, also of seconds that are kept no longer.</summary>
    public long NullPredictions => Interlocked.Read(ref _nullPredictions);

    /// <summary>Whether the next prediction is to be kept: the first few of each second are.</summary>
    public bool WantsScore => Now()?.WantsScore == true;

    /// <summary>Keeps a prediction in the sample.</summary>
    public void KeepScore(double score) => Now()?.KeepScore(score);

    /// <summary>Adds up the seconds in [<paramref name="from"/>, <paramref name="to"/>), to <paramref name="sum"/> if there is one.</summary>
    public WindowSum Sum(long from, long to, WindowSum? sum = null)
    {
        sum ??= new WindowSum();
        for (var second = Math.Max(from, to - Seconds); second < to; second++)
        {
            if (Volatile.Read(ref _ring[second & (Seconds - 1)]) is { } slot && slot.Second == second) slot.AddTo(sum);
        }

        return sum;
    }

    private WindowSecond? Now()
    {
        var second = clock.GetUtcNow().ToUnixTimeSeconds();
        ref var place = ref _ring[second & (Seconds - 1)];
        while (true)
        {
            var slot = Volatile.Read(ref place);
            if (slot?.Second == second) return slot;
            // Only a clock that was set back by the whole ring could get here; its answers are not worth losing newer ones.
            if (slot?.Second > second) return null;
            Interlocked.CompareExchange(ref place, new WindowSecond(second), slot);
        }
    }
}
