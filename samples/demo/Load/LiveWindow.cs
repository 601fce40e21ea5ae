namespace BlueGreen.Demo.Load;

/// <summary>The client's last second and its totals: what the progress display and the demo's alarm rule look at.</summary>
internal sealed class LiveWindow(RunClock clock)
{
    private const int Capacity = 8_192;
    private const long SecondInMicroseconds = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Queue<RequestRecord> _recent = new(Capacity);
    private long _requests;
    private long _failed;

    public void Add(in RequestRecord record)
    {
        lock (_lock)
        {
            _requests++;
            if (record.Failed) _failed++;
            if (_recent.Count == Capacity) _recent.Dequeue();
            _recent.Enqueue(record);
        }
    }

    public WindowFigures Read()
    {
        lock (_lock)
        {
            var from = clock.Now - SecondInMicroseconds;
            while (_recent.TryPeek(out var oldest) && oldest.Done < from) _recent.Dequeue();
            var version = _recent.LastOrDefault(record => !record.Failed).Version;
            var answered = 0;
            var nulls = 0;
            foreach (var record in _recent)
            {
                if (record.Failed || record.Version != version) continue;
                answered++;
                if (record.NullScore) nulls++;
            }

            return new WindowFigures(_requests, _failed, _recent.Count, version, answered, nulls);
        }
    }
}

/// <param name="Requests">Since the beginning.</param>
/// <param name="Failed">Since the beginning.</param>
/// <param name="LastSecond">Requests completed in the last second.</param>
/// <param name="Version">Model version of the latest answer.</param>
/// <param name="Answered">Requests of the last second that this version answered.</param>
/// <param name="NullScores">Of those, answered with a null score.</param>
internal sealed record WindowFigures(long Requests, long Failed, int LastSecond, string? Version, int Answered, int NullScores);
