using BlueGreen.Contracts;
using BlueGreen.Platform.Work;

namespace BlueGreen.Rollback.Reverting;

/// <summary>Carries a requested revert to the routers. Success is told by the router itself, which knows the epoch.</summary>
internal sealed class RevertTrafficHandler(IRouterReverts routers, RevertDelays delays, ILogger<RevertTrafficHandler> log)
    : IWorkHandler<RevertTraffic>
{
    public async Task<WorkOutcome> RunAsync(RevertTraffic command, IWorkLease lease, CancellationToken cancellationToken)
    {
        // No look at the lease first: a revert that is done twice is harmless, one that waits for the database is not.
        switch (await routers.RevertAsync(command, cancellationToken))
        {
            case RevertAnswer.Reverted reverted:
                log.Reverted(command.DeploymentId, command.Endpoint, reverted.Routers, reverted.Asked, command.RequestedBy);
                return WorkOutcome.Silent;
            case RevertAnswer.Refused refused:
                log.RevertRefused(command.DeploymentId, command.Endpoint, refused.Reason);
                return Refusal(command, refused.Reason);
            case RevertAnswer.Unreachable unreachable:
                await delays.TellAsync(command.DeploymentId, command.Endpoint, lease.RequestedAt, unreachable.Reason, cancellationToken);
                throw new RouterUnreachableException(unreachable.Reason);
            default:
                throw new InvalidOperationException("Unknown answer.");
        }
    }

    /// <summary>A mistake, not an answer of the routers: "refused" would end the deployment. The saga asks again, or an operator replays it.</summary>
    public WorkOutcome GiveUp(RevertTraffic command, string reason) => WorkOutcome.Silent;

    private static WorkOutcome Refusal(RevertTraffic command, string reason) => WorkOutcome.Publish(new RevertRefused
    {
        DeploymentId = command.DeploymentId,
        Endpoint = command.Endpoint,
        Reason = reason,
    });
}
