using BlueGreen.Contracts;
using BlueGreen.Platform.Work;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>
/// Warms every replica of an environment directly, not through a load balancer, all at the same time. Safe to repeat: requests to a model
/// change nothing, and a replica that was warm already is found flat soon.
/// </summary>
internal sealed class EnvironmentWarmer(
    WarmupPlan plan, ReplicaWarmer warmer, PrewarmerMetrics metrics, TimeProvider time, ILogger<EnvironmentWarmer> logger)
    : IWorkHandler<WarmEnvironment>
{
    public async Task<WorkOutcome> RunAsync(WarmEnvironment command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (protocol, subject, error) = await plan.OfAsync(command, cancellationToken);
        if (subject is null) return Failed(command, error!, []);
        var replicas = await Task.WhenAll(subject.Targets.Select((_, position) => warmer.WarmAsync(protocol!, subject, position, cancellationToken)));
        metrics.RecordDuration(command.Endpoint, time.GetElapsedTime(started));
        return Conclude(command, replicas);
    }

    /// <summary>That it could not be warmed says nothing about the environment: the deployment faults, and the stage may be tried again.</summary>
    public WorkOutcome GiveUp(WarmEnvironment command, string reason) => WorkOutcome.Silent;

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
