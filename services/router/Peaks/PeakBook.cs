using System.Collections.Concurrent;

namespace BlueGreen.Router.Peaks;

/// <summary>The busiest ten seconds of each endpoint, hour by hour for a week.</summary>
internal sealed class PeakBook
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, PeakHours> _endpoints = new(StringComparer.Ordinal);

    public void Note(string endpoint, DateTimeOffset at, PeakReading reading) =>
        _endpoints.GetOrAdd(endpoint, _ => new PeakHours()).Note(Hour(at), Hour(at - Kept), reading);

    /// <summary>The busiest of all hours kept; null when nothing was noted.</summary>
    public PeakReading? Of(string endpoint) => _endpoints.GetValueOrDefault(endpoint)?.Highest();

    /// <summary>For the copy on disk.</summary>
    public Dictionary<string, Dictionary<long, PeakReading>> Copy() =>
        _endpoints.ToDictionary(pair => pair.Key, pair => pair.Value.Copy(), StringComparer.Ordinal);

    public void Restore(Dictionary<string, Dictionary<long, PeakReading>> copy, DateTimeOffset now)
    {
        foreach (var (endpoint, hours) in copy)
            foreach (var (hour, reading) in hours)
                _endpoints.GetOrAdd(endpoint, _ => new PeakHours()).Note(hour, Hour(now - Kept), reading);
    }

    private static long Hour(DateTimeOffset at) => at.ToUnixTimeSeconds() / 3600;

    private sealed class PeakHours
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<long, PeakReading> _hours = [];

        public void Note(long hour, long oldest, PeakReading reading)
        {
            lock (_lock)
            {
                if (_hours.GetValueOrDefault(hour) is not { } known || known.RequestsPerSecond < reading.RequestsPerSecond) _hours[hour] = reading;
                foreach (var old in _hours.Keys.Where(known => known < oldest).ToList()) _hours.Remove(old);
            }
        }

        public PeakReading? Highest()
        {
            lock (_lock) return _hours.Values.MaxBy(reading => reading.RequestsPerSecond);
        }

        public Dictionary<long, PeakReading> Copy()
        {
            lock (_lock) return new(_hours);
        }
    }
}

/// <summary>Ten seconds of an endpoint's traffic.</summary>
/// <param name="RequestsPerSecond">Answers per second.</param>
/// <param name="Concurrency">Requests in flight on average: arrivals per second times mean latency.</param>
internal sealed record PeakReading(double RequestsPerSecond, double Concurrency);
