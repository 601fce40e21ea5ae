using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Traffic;
using BlueGreen.Platform.Work;
using BlueGreen.Prewarmer.Warming;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Rewarming;

/// <summary>
/// Keeps requests from a replica that was started again, waits until it has loaded its model, warms it as its environment was warmed, and lets
/// it back among the others: warm, or as it is when it cannot be warmed. Its environment is live or the way back; capacity that is cold
/// is better than capacity that is missing.
/// </summary>
internal sealed class ReplicaRewarmer(
    WarmupPlan plan, IInferenceProtocols protocols, ReplicaWarmer warmer, IColdReplicas routers, IOptions<RewarmOptions> options, TimeProvider time,
    ILogger<ReplicaRewarmer> logger) : IWorkHandler<RewarmReplica>
{
    public async Task<WorkOutcome> RunAsync(RewarmReplica command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var warmup = command.Warmup;
        await lease.EnsureHeldAsync(cancellationToken);
        await HoldAsync(command, cancellationToken);
        using var timeout = new CancellationTokenSource(options.Value.Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await WarmAsync(command, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            logger.NotRewarmed(warmup.Endpoint, command.Index, $"it took longer than {options.Value.Limit}");
        }

        // Not when it was started yet again, or this process ends: then it is held by who goes on, or until the routers' own limit.
        await lease.EnsureHeldAsync(cancellationToken);
        await routers.ReleaseAsync(warmup.Endpoint, warmup.Fleet.EnvironmentId, command.Index, cancellationToken);
        return WorkOutcome.Silent;
    }

    /// <summary>The routers let it back by themselves.</summary>
    public WorkOutcome GiveUp(RewarmReplica command, string reason)
    {
        logger.NotRewarmed(command.Warmup.Endpoint, command.Index, reason);
        return WorkOutcome.Silent;
    }

    private Task HoldAsync(RewarmReplica command, CancellationToken cancellationToken) =>
        routers.HoldAsync(command.Warmup.Endpoint, command.Warmup.Fleet.EnvironmentId, command.Index, cancellationToken);

    private async Task WarmAsync(RewarmReplica command, CancellationToken cancellationToken)
    {
        var warmup = command.Warmup;
        var position = warmup.Fleet.Replicas.Select((replica, place) => (replica, place))
            .Where(each => each.replica.Index == command.Index).Select(each => (int?)each.place).FirstOrDefault();
        if (position is not { } place || protocols.Find(warmup.Fleet) is not { } protocol)
        {
            logger.NotRewarmed(warmup.Endpoint, command.Index, "it is not one of those that were warmed");
            return;
        }

        var target = InferenceTarget.Of(warmup.Fleet)[place];
        while (!(await protocol.ProbeAsync(target, cancellationToken)).Ready) await Task.Delay(options.Value.ReadinessPause, time, cancellationToken);
        // Anew: what loading took is none of the time that the routers give.
        await HoldAsync(command, cancellationToken);
        var (_, subject, error) = await plan.OfAsync(warmup, cancellationToken);
        if (subject is null)
        {
            logger.NotRewarmed(warmup.Endpoint, command.Index, error!);
            return;
        }

        var warmed = await warmer.WarmAsync(protocol, subject, place, cancellationToken);
        var (cold, warm) = (warmed.Warmth.ColdP99Milliseconds, warmed.Warmth.WarmP99Milliseconds);
        if (warmed.IsWarm) logger.ReplicaWarmed(warmup.Endpoint, command.Index, cold, warm, warmed.Warmth.StopReason);
        else logger.NotRewarmed(warmup.Endpoint, command.Index, warmed.Warmth.StopReason);
    }
}
