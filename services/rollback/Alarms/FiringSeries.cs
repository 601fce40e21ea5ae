using System.Collections.Concurrent;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Since when alarms fire whose source does not say: since they were first heard of after their last recovery.</summary>
internal sealed class FiringSeries
{
    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);

    public DateTimeOffset Hear(Alarm alarm, DateTimeOffset now)
    {
        var key = $"{alarm.Source}\n{alarm.Series}";
        if (!alarm.Firing)
        {
            _since.TryRemove(key, out _);
            return now;
        }

        // Senders that never tell of recoveries must not fill the memory; forgetting only makes an alarm wait anew.
        if (_since.Count >= Capacity) _since.Clear();
        var since = alarm.StartsAt ?? _since.GetOrAdd(key, now);
        return since < now ? since : now;
    }
}
