using System.Diagnostics.Metrics;
using BlueGreen.Contracts;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Reverting;

namespace BlueGreen.Router;

/// <summary>The router's instruments. Those of the data plane read its counters when they are asked: requests pay nothing for them.</summary>
internal sealed class RouterMetrics(EnvironmentRegistry environments)
{
    private static readonly string[] StatusClasses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Histogram<double> _convergence = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.router.switch.convergence", "ms", "From the commit of a route to the last replica's acknowledgement.");

    private readonly Histogram<double> _reverts = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.router.revert.duration", "ms", "From the call to a revert that is in force and on disk.");

    /// <summary>Begins to publish the data plane's counters. Once per process.</summary>
    public void Observe()
    {
        var meter = PlatformTelemetry.Meter;
        meter.CreateObservableCounter(
            "bluegreen.router.requests", () => environments.All.SelectMany(Requests), "{request}", "Requests answered by each environment.");
        meter.CreateObservableUpDownCounter(
            "bluegreen.router.requests.in_flight", () => environments.All.Select(InFlight), "{request}", "Requests in flight by environment.");
    }

    public void Switched(string endpoint, TrafficSwitched receipt) => _convergence.Record(
        receipt.ConvergenceMilliseconds, new("endpoint", endpoint), new("confirmed", receipt.Confirmed));

    public void Reverted(string endpoint, RevertOutcome outcome) => _reverts.Record(
        outcome.Elapsed.TotalMilliseconds, new("endpoint", endpoint), new("moved", outcome.Moved));

    private static IEnumerable<Measurement<long>> Requests(ServingEnvironment environment)
    {
        for (var statusClass = 0; statusClass < StatusClasses.Length; statusClass++)
        {
            var answered = environment.Answered(statusClass);
            if (answered > 0)
                yield return new(answered, [.. Tags(environment), new("status_class", StatusClasses[statusClass])]);
        }
    }

    private static Measurement<long> InFlight(ServingEnvironment environment) => new(environment.InFlight, Tags(environment));

    private static KeyValuePair<string, object?>[] Tags(ServingEnvironment environment) =>
    [
        new("environment", environment.EnvironmentText),
        new("model", environment.Target.Model),
        new("version", environment.Target.Version),
    ];
}
