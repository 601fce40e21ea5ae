using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>Warms one replica, one request at a time: a queue at the replica would be measured instead of its latency.</summary>
internal sealed class ReplicaWarmer(TimeProvider time, IOptions<PrewarmerOptions> options, PrewarmerMetrics metrics)
{
    public async Task<WarmedReplica> WarmAsync(
        IInferenceProtocol protocol, InferenceTarget target, int index, WarmupRequests requests, WarmupPolicy policy,
        CancellationToken cancellationToken)
    {
        var meter = new WarmthMeter(policy, options.Value, requests.HasBatches);
        while (meter.Result is null)
        {
            var reply = await protocol.InferAsync(target, requests.Next(meter.WantsBatch), cancellationToken);
            meter.Observe(reply);
            metrics.CountRequest(target.Model, reply.Succeeded);
            if (!reply.Succeeded && meter.Result is null) await Task.Delay(options.Value.PauseAfterError, time, cancellationToken);
        }

        return new(meter.Result.IsWarm, meter.Report(index));
    }
}

/// <summary>One replica's end of warming.</summary>
internal sealed record WarmedReplica(bool IsWarm, ReplicaWarmth Warmth);
