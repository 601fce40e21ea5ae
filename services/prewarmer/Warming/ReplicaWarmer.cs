using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Warms one replica, with as many requests in flight at a time as production has: a server with a worker for each is warm only when all
/// of them are.
/// </summary>
internal sealed class ReplicaWarmer(
    IReplicaIdentities identities, TimeProvider time, IOptions<PrewarmerOptions> options, PrewarmerMetrics metrics)
{
    public async Task<WarmedReplica> WarmAsync(
        IInferenceProtocol protocol, WarmupSubject subject, int position, CancellationToken cancellationToken)
    {
        var meter = new WarmthMeter(subject.Cells, subject.Command.Warmup, options.Value);
        var (replica, target) = (subject.Command.Fleet.Replicas[position], subject.Targets[position]);
        var identity = await identities.OfAsync(subject.Command, replica.Index, cancellationToken);
        while (true)
        {
            await Task.WhenAll(Enumerable.Range(0, subject.Concurrency)
                .Select(_ => SendAsync(protocol, target, meter, cancellationToken)));
            var now = await identities.OfAsync(subject.Command, replica.Index, cancellationToken);
            // A replica whose identity cannot be told is taken at its answers' word: lost connections give a restart away as well.
            if (now is null || identity is null || now == identity || !meter.Result!.IsWarm) break;
            identity = now;
            meter.Restart("was found to be another process");
        }

        return new(meter.Result!.IsWarm, meter.Report(replica.Index, subject.Concurrency));
    }

    private async Task SendAsync(
        IInferenceProtocol protocol, InferenceTarget target, WarmthMeter meter, CancellationToken cancellationToken)
    {
        while (meter.Next() is { } ticket)
        {
            var reply = await protocol.InferAsync(target, ticket.Payload, cancellationToken);
            meter.Observe(ticket, reply);
            metrics.CountRequest(target.Model, reply.Succeeded);
            if (!reply.Succeeded && meter.Result is null) await Task.Delay(options.Value.PauseAfterError, time, cancellationToken);
        }
    }
}

/// <summary>One replica's end of warming.</summary>
internal sealed record WarmedReplica(bool IsWarm, ReplicaWarmth Warmth);
