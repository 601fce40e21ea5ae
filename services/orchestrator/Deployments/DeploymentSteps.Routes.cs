using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Blocks;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>What the router reports becomes the deployment's record and the endpoint's.</summary>
internal static partial class DeploymentSteps
{
    public static EventActivityBinder<Deployment, TrafficSwitched> RecordReceipt(
        this EventActivityBinder<Deployment, TrafficSwitched> step) =>
        step.ThenAsync(async context =>
        {
            var (saga, receipt) = (context.Saga, context.Message);
            saga.SwitchEpoch = receipt.Epoch;
            saga.SwitchedAt = receipt.SwitchedAt;
            saga.ConvergenceMilliseconds = receipt.ConvergenceMilliseconds;
            context.Record(
                "switched", $"{saga.Model} {saga.Version} is live at epoch {receipt.Epoch}"
                    + (receipt.Confirmed ? "" : "; not every router replica has confirmed"), data: receipt);
            await context.MoveRouteAsync(receipt.Epoch, saga.Green, saga.CorrelationId);
        });

    public static EventActivityBinder<Deployment, T> RecordRoute<T>(
        this EventActivityBinder<Deployment, T> step, Func<BehaviorContext<Deployment, T>, long> epoch) where T : class =>
        step.ThenAsync(context => context.MoveRouteAsync(epoch(context), context.Saga.Green, context.Saga.CorrelationId));

    public static EventActivityBinder<Deployment, TrafficReverted> RecordRevert(
        this EventActivityBinder<Deployment, TrafficReverted> step) =>
        step.ThenAsync(async context =>
        {
            var (saga, reverted) = (context.Saga, context.Message);
            if (saga.IsWaitingAsDeclared()) saga.CountWaitingUntil(reverted.RevertedAt);
            saga.FailedStage ??= saga.CurrentState;
            saga.Reason ??= $"{reverted.RequestedBy}: {reverted.Reason}";
            saga.RevertedAt = reverted.RevertedAt;
            context.CloseStage("Reverted", reverted.Reason);
            context.Record(
                "reverted", $"Traffic is back on {saga.Blue?.Version ?? "what was live"} at epoch {reverted.Epoch}", reverted.RequestedBy,
                data: reverted);
            await context.FollowAsync(reverted);
        });

    /// <summary>A revert of a deployment that has ended: only the endpoint's copy of the route and the history have to learn of it.</summary>
    public static EventActivityBinder<Deployment, TrafficReverted> FollowRevert(
        this EventActivityBinder<Deployment, TrafficReverted> step) =>
        step.ThenAsync(async context =>
        {
            var (saga, reverted) = (context.Saga, context.Message);
            context.Record("reverted", $"Traffic is back on {saga.Blue?.Version ?? "what was live"} at epoch {reverted.Epoch}", reverted.RequestedBy,
                data: reverted);
            await context.FollowAsync(reverted);
        });

    private static async Task FollowAsync(this BehaviorContext<Deployment> context, TrafficReverted reverted)
    {
        await context.BlockVersionAsync($"{reverted.RequestedBy}: {reverted.Reason}");
        var saga = context.Saga;
        var live = reverted.LiveEnvironmentId is { } id && id == saga.Blue?.EnvironmentId ? saga.Blue : null;
        await context.MoveRouteAsync(reverted.Epoch, live, live is null ? null : saga.BlueDeploymentId);
    }

    /// <summary>The endpoint's copy of its route follows the epochs, whichever order they are heard in.</summary>
    private static async Task MoveRouteAsync(this BehaviorContext<Deployment> context, long epoch, Fleet? live, Guid? deployment)
    {
        var saga = context.Saga;
        var endpoint = await context.Db<OrchestratorDbContext>().LockEndpointAsync(saga.Endpoint, context.CancellationToken);
        if (endpoint is null || endpoint.Epoch >= epoch) return;
        endpoint.Epoch = epoch;
        if (live is null) return;
        endpoint.SetLive(live, deployment);
    }
}
