using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Traffic;
using BlueGreen.Platform.Work;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Warms every replica of an environment directly, not through a load balancer, all at the same time. Safe to repeat: requests to a model
/// change nothing, and a replica that was warm already is found flat soon.
/// </summary>
internal sealed class EnvironmentWarmer(
    IInferenceProtocols protocols, PayloadSource source, ProductionConcurrency production, ReplicaWarmer warmer, PrewarmerMetrics metrics,
    IOptions<PrewarmerOptions> options, TimeProvider time, ILogger<EnvironmentWarmer> logger) : IWorkHandler<WarmEnvironment>
{
    public async Task<WorkOutcome> RunAsync(WarmEnvironment command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var targets = InferenceTarget.Of(command.Fleet);
        if (targets.Count == 0) return Failed(command, "the environment has no replicas", []);
        if (protocols.Find(command.Fleet) is not { } protocol)
            return Failed(command, $"protocol '{command.Fleet.Protocol}' is not one of: {string.Join(", ", protocols.Names)}", []);

        var payloads = await PayloadsAsync(command, protocol, targets[0], cancellationToken);
        if (payloads.Error is { } error) return Failed(command, error, []);
        var cells = WarmupCells.Of(payloads.Payloads, protocol, command.Warmup.MaxBatch, options.Value.MaxShapes);
        if (command.Warmup.MaxBatch > 1 && cells.All(cell => cell.Batch == 1))
            logger.BatchesSkipped(command.Endpoint, command.Warmup.MaxBatch);

        var concurrency = await production.OfAsync(command, cancellationToken);
        var subject = new WarmupSubject(command, targets, cells, concurrency);
        var replicas = await Task.WhenAll(targets.Select((_, position) => warmer.WarmAsync(protocol, subject, position, cancellationToken)));
        metrics.RecordDuration(command.Endpoint, time.GetElapsedTime(started));
        return Conclude(command, replicas);
    }

    /// <summary>That it could not be warmed says nothing about the environment: the deployment faults, and the stage may be tried again.</summary>
    public WorkOutcome GiveUp(WarmEnvironment command, string reason) => WorkOutcome.Silent;

    private async Task<PayloadFileReading> PayloadsAsync(
        WarmEnvironment command, IInferenceProtocol protocol, InferenceTarget target, CancellationToken cancellationToken)
    {
        if (command.Warmup.Payloads is { } file) return await source.FromFileAsync(file, protocol, cancellationToken);
        if (command.Warmup.Captured)
        {
            var captured = await source.CapturedAsync(command.Endpoint, protocol, PrewarmerService.ServiceName, "warm-up", cancellationToken);
            if (captured.Error is null) return captured;
            logger.NothingCaptured(command.Endpoint, captured.Error);
        }

        return await protocol.SynthesizeAsync(target, cancellationToken) is { } probe
            ? new([probe], null)
            : new([], $"the policy names no warm-up payloads, and {target.Address} does not describe the inputs of model {target.Model}");
    }

    private WorkOutcome Conclude(WarmEnvironment command, WarmedReplica[] replicas)
    {
        ReplicaWarmth[] warmth = [.. replicas.Select(replica => replica.Warmth)];
        foreach (var replica in warmth)
            logger.ReplicaWarmed(
                command.Endpoint, replica.Index, replica.ColdP99Milliseconds, replica.WarmP99Milliseconds, replica.StopReason);
        var cold = replicas.Where(replica => !replica.IsWarm).Select(replica => replica.Warmth).ToArray();
        if (cold.Length > 0)
            return Failed(command, string.Join("; ", cold.Select(replica => $"replica {replica.Index} {replica.StopReason}")), warmth);

        return WorkOutcome.Publish(new EnvironmentWarmed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Replicas = warmth,
        });
    }

    private WorkOutcome Failed(WarmEnvironment command, string reason, IReadOnlyList<ReplicaWarmth> replicas)
    {
        logger.WarmingFailed(command.Endpoint, command.DeploymentId, reason);
        return WorkOutcome.Publish(new WarmingFailed
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Reason = reason,
            Replicas = replicas,
        });
    }
}
