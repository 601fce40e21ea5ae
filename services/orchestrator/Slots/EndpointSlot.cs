using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Messaging;
using MassTransit;

namespace BlueGreen.Orchestrator.Slots;

/// <summary>
/// One deployment at a time per endpoint, and one waiting place behind it that the newest promotion takes. The endpoint's row is locked,
/// so that promotions and endings of the same endpoint pass one after the other.
/// </summary>
internal sealed class EndpointSlot(OrchestratorDbContext db)
{
    /// <summary>Takes the slot (and pins the plan), waits, or ends the deployment.</summary>
    public async Task RequestAsync(BehaviorContext<Deployment> context)
    {
        var saga = context.Saga;
        var endpoint = await db.LockEndpointAsync(saga.Endpoint, context.CancellationToken);
        if (endpoint is null) Refuse(context, $"There is no endpoint '{saga.Endpoint}'");
        else if (endpoint.HolderDeploymentId is null) Hold(context, endpoint);
        else await WaitAsync(context, endpoint);
    }

    /// <summary>The slot was granted to this waiting deployment: takes policy and route as they stand now.</summary>
    public async Task PinAsync(BehaviorContext<Deployment> context)
    {
        var endpoint = await db.LockEndpointAsync(context.Saga.Endpoint, context.CancellationToken);
        if (endpoint is null) Refuse(context, $"There is no endpoint '{context.Saga.Endpoint}' any more");
        else Hold(context, endpoint);
    }

    /// <summary>Hands the slot of an ended deployment to the one that waits, if any.</summary>
    public async Task PassOnAsync(BehaviorContext<Deployment> context)
    {
        var id = context.Saga.CorrelationId;
        var endpoint = await db.LockEndpointAsync(context.Saga.Endpoint, context.CancellationToken);
        if (endpoint is null || (endpoint.HolderDeploymentId != id && endpoint.WaitingDeploymentId != id)) return;
        var next = endpoint.WaitingDeploymentId == id ? null : endpoint.WaitingDeploymentId;
        endpoint.WaitingDeploymentId = null;
        endpoint.WaitingPromotedAt = null;
        if (endpoint.HolderDeploymentId != id) return;
        endpoint.HolderDeploymentId = next;
        if (next is { } waiting) await context.Publish(new SlotGranted { DeploymentId = waiting });
    }

    private static void Hold(BehaviorContext<Deployment> context, EndpointRow endpoint)
    {
        var saga = context.Saga;
        endpoint.HolderDeploymentId = saga.CorrelationId;
        saga.Plan = endpoint.Plan();
        saga.PolicyHash = endpoint.PolicyHash;
        saga.ExpectedEpoch = endpoint.Epoch;
        saga.Blue = endpoint.Live();
        saga.BlueDeploymentId = endpoint.LiveDeploymentId;
    }

    private static async Task WaitAsync(BehaviorContext<Deployment> context, EndpointRow endpoint)
    {
        var saga = context.Saga;
        if (endpoint.WaitingDeploymentId is { } waiting)
        {
            if (endpoint.WaitingPromotedAt > saga.PromotedAt)
            {
                saga.SupersededBy = waiting;
                saga.EndedAt = context.Now();
                return;
            }

            await context.Publish(new SupersedeDeployment { DeploymentId = waiting, SupersededBy = saga.CorrelationId });
        }

        endpoint.WaitingDeploymentId = saga.CorrelationId;
        endpoint.WaitingPromotedAt = saga.PromotedAt;
    }

    private static void Refuse(BehaviorContext<Deployment> context, string reason)
    {
        context.Saga.Reason = reason;
        context.Saga.EndedAt = context.Now();
    }
}
