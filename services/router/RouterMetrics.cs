using System.Diagnostics.Metrics;
using BlueGreen.Contracts;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Router.Drivers;
using BlueGreen.Router.Mirroring;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Reverting;
using BlueGreen.Router.Switching;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router;

/// <summary>
/// The router's instruments. Those of the data plane read its counters when they are asked: requests pay nothing for them. The one exception is
/// <see cref="RequestDurations"/>.
/// </summary>
internal sealed class RouterMetrics(EnvironmentRegistry environments, ReplicaSight sight, DriverKeeper keeper)
{
    private static readonly string[] StatusClasses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private static readonly double[] Quantiles = [0.5, 0.95, 0.99];
    private const int LatencySeconds = 60;

    private readonly Histogram<double> _convergence = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.router.switch.convergence", "ms", "From the commit of a route to the last replica's acknowledgement.");

    private readonly Histogram<double> _holds = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.router.switch.hold", "ms", "How long each replica held requests back for a strict cutover.");

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
        meter.CreateObservableCounter(
            "bluegreen.router.outcomes", () => environments.All.SelectMany(Outcomes), "{request}", "Requests by what came of them, by environment.");
        meter.CreateObservableCounter(
            "bluegreen.router.null_predictions", () => environments.All.Where(environment => environment.Inspector is not null).Select(NullPredictions), "{request}",
            "Answers with null or NaN among their predictions, by environment.");
        ObserveCopies(meter, "bluegreen.router.mirror.sent", CopyOutcome.Sent, "Copies of requests sent, by the environment that got them.");
        ObserveCopies(meter, "bluegreen.router.mirror.failed", CopyOutcome.Failed, "Of the copies sent: answered by a 5xx, or not.");
        ObserveCopies(meter, "bluegreen.router.mirror.dropped", CopyOutcome.Dropped, "Requests that were to be copied and were not, for want of room.");
        meter.CreateObservableCounter(
            "bluegreen.router.own_answers", () => Enum.GetValues<OwnAnswer>().Select(OwnAnswered), "{request}", "Answers that the router gave itself, by reason.");
        meter.CreateObservableGauge(
            "bluegreen.router.latency", () => environments.All.SelectMany(Latencies), "ms", "Quantiles of the last minute's latencies, by environment.");
        meter.CreateObservableGauge(
            "bluegreen.router.behind", () => sight.Behind.TotalSeconds, "s", "How long ago this replica's routes were last known to be the database's.");
        meter.CreateObservableGauge(
            "bluegreen.router.replica.silence", () => sight.Silences.Select(Silence), "s", "How long ago each router replica renewed its lease, as this one sees it.");
        meter.CreateObservableGauge(
            "bluegreen.router.drift", () => keeper.All.Select(Drift), description: "1: somebody else has changed the endpoint's load balancer.");
        meter.CreateObservableGauge(
            "bluegreen.router.driver.in_sync", () => keeper.All.Select(InSync), description: "1: the endpoint's load balancer follows its route.");
        meter.CreateObservableGauge(
            "bluegreen.router.upstream.ready", () => environments.All.SelectMany(Ready), "{replica}", "Model servers that requests are sent to, by environment.");
    }

    public void Switched(string endpoint, TrafficSwitched receipt)
    {
        _convergence.Record(receipt.ConvergenceMilliseconds, new("endpoint", endpoint), new("confirmed", receipt.Confirmed));
        foreach (var held in receipt.Acknowledgements.Select(entry => entry.HeldMilliseconds).OfType<double>())
            _holds.Record(held, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    public void Reverted(string endpoint, RevertOutcome outcome) => _reverts.Record(
        outcome.Elapsed.TotalMilliseconds, new("endpoint", endpoint), new("moved", outcome.Moved));

    private void ObserveCopies(Meter meter, string name, CopyOutcome outcome, string description) => meter.CreateObservableCounter(
        name, () => environments.All.Where(environment => environment.Copies(CopyOutcome.Sent) + environment.Copies(CopyOutcome.Dropped) > 0)
            .Select(environment => new Measurement<long>(environment.Copies(outcome), environment.Tags)),
        "{request}", description);

    private static Measurement<long> NullPredictions(ServingEnvironment environment) => new(environment.Window.NullPredictions, environment.Tags);

    private static Measurement<long> OwnAnswered(OwnAnswer reason) =>
        new(OwnAnswers.Of(reason), new KeyValuePair<string, object?>("reason", reason.ToString()));

    private static IEnumerable<Measurement<long>> Requests(ServingEnvironment environment)
    {
        for (var statusClass = 0; statusClass < StatusClasses.Length; statusClass++)
        {
            var answered = environment.Answered(statusClass);
            if (answered > 0)
                yield return new(answered, [.. environment.Tags, new("status_class", StatusClasses[statusClass])]);
        }
    }

    private static IEnumerable<Measurement<long>> Outcomes(ServingEnvironment environment) => Enum.GetValues<AnswerClass>()
        .Select(outcome => (Outcome: outcome, Count: environment.Outcome(outcome)))
        .Where(counted => counted.Count > 0)
        .Select(counted => new Measurement<long>(counted.Count, [.. environment.Tags, new("outcome", counted.Outcome.ToString())]));

    private IEnumerable<Measurement<double>> Latencies(ServingEnvironment environment)
    {
        var now = environments.Clock.GetUtcNow().ToUnixTimeSeconds();
        var counts = environment.Window.Sum(now - LatencySeconds, now).Latencies;
        foreach (var quantile in Quantiles)
        {
            if (LatencyBuckets.Quantile(counts, quantile) is { } milliseconds)
                yield return new(milliseconds, [.. environment.Tags, new("quantile", quantile)]);
        }
    }

    private static Measurement<double> Silence((string Replica, TimeSpan Silence) seen) =>
        new(seen.Silence.TotalSeconds, new KeyValuePair<string, object?>("router", seen.Replica));

    private static Measurement<int> Drift(DriverStatus status) => new(status.Standing == DriverStanding.Drifted ? 1 : 0, Tags(status));

    private static Measurement<int> InSync(DriverStatus status) => new(status.Standing is DriverStanding.InSync or DriverStanding.Ahead ? 1 : 0, Tags(status));

    private static KeyValuePair<string, object?>[] Tags(DriverStatus status) =>
        [new("endpoint", status.Route.Endpoint), new("driver", status.Route.Settings.Name)];

    private IEnumerable<Measurement<int>> Ready(ServingEnvironment environment)
    {
        var now = environments.Clock.GetTimestamp();
        return [new(environment.Replicas.Count(replica => replica.IsWell(now)), environment.Tags)];
    }

    private static Measurement<long> InFlight(ServingEnvironment environment) => new(environment.InFlight, environment.Tags);
}
