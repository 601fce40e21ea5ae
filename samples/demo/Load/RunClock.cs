namespace BlueGreen.Demo.Load;

/// <summary>Microseconds since the run began, on the monotonic clock: the one time line of the log.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public long Now => (long)time.GetElapsedTime(_start).TotalMicroseconds;
}
