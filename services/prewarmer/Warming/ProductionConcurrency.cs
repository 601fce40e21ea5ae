using BlueGreen.Contracts;
using BlueGreen.Platform.Traffic;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// How many requests a replica has in flight at the endpoint's peak: arrivals per second times mean latency (J. D. C. Little, "A proof
/// for the queuing formula L = λW", Operations Research 9, 1961), shared among the replicas.
/// </summary>
internal sealed class ProductionConcurrency(IObservedTraffic traffic, IOptions<PrewarmerOptions> options)
{
    public async Task<int> OfAsync(WarmEnvironment command, CancellationToken cancellationToken)
    {
        if (command.Warmup.Concurrency is { } given) return given;
        var peak = await traffic.PeakAsync(command.Endpoint, cancellationToken);
        var perReplica = (peak?.Concurrency ?? 0) / command.Fleet.Replicas.Count;
        return Math.Clamp((int)Math.Ceiling(perReplica), 1, options.Value.MaxConcurrency);
    }
}
