namespace BlueGreen.Router.Switching;

/// <summary>
/// The database's time, as far as this process knows it. Leases and acknowledgements of several machines are compared by it, so that
/// their clocks need not agree; between two readings it runs by the monotonic clock, so that nobody's clock being set matters.
/// </summary>
internal sealed class DatabaseClock(TimeProvider clock)
{
    private volatile Reading? _last;

    public DateTimeOffset Now => At(clock.GetTimestamp());

    /// <summary>What time it was at a timestamp.</summary>
    public DateTimeOffset At(long timestamp) => _last is { } last
        ? last.DatabaseNow + clock.GetElapsedTime(last.Timestamp, timestamp)
        : clock.GetUtcNow() - clock.GetElapsedTime(timestamp);

    /// <summary>The database just said what time it is.</summary>
    public void Set(DateTimeOffset databaseNow) => _last = new Reading(databaseNow, clock.GetTimestamp());

    private sealed record Reading(DateTimeOffset DatabaseNow, long Timestamp);
}
