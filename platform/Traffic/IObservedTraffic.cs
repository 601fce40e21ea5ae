namespace BlueGreen.Platform.Traffic;

/// <summary>What production asks of an endpoint, as the routers saw it.</summary>
public interface IObservedTraffic
{
    /// <summary>The busiest ten seconds of the last days; null when nothing was observed, or no router could be asked.</summary>
    Task<TrafficPeak?> PeakAsync(string endpoint, CancellationToken cancellationToken);
}

/// <summary>The busiest ten seconds of an endpoint.</summary>
/// <param name="RequestsPerSecond">Over all routers, each at its own busiest time: an upper bound when there are several.</param>
/// <param name="Concurrency">Requests in flight at that time, on average.</param>
public sealed record TrafficPeak(double RequestsPerSecond, double Concurrency);
