using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Blocks;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;

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
        else if (endpoint.BlockOf(saga) is { } block) Reject(context, block);
        else if (endpoint.HolderDeploymentId is null) Hold(context, endpoint);
        else await WhenBusyAsync(context, endpoint);
    }

    /// <summary>The slot was granted to this waiting deployment: takes policy and route as they stand now.</summary>
    public async Task PinAsync(BehaviorContext<Deployment> context)
    {
        var endpoint = await db.LockEndpointAsync(context.Saga.Endpoint, context.CancellationToken);
        if (endpoint is null) Refuse(context, $"There is no endpoint '{context.Saga.Endpoint}' any more");
        // It may have been rolled back while this promotion of the same version waited.
        else if (endpoint.BlockOf(context.Saga) is { } block) Reject(context, block);
        else Hold(context, endpoint);
    }

    /// <summary>Whether a newer promotion waits for this holder.</summary>
    public async Task<bool> IsAwaitedAsync(BehaviorContext<Deployment> context) =>
        await db.LockEndpointAsync(context.Saga.Endpoint, context.CancellationToken) is { WaitingDeploymentId: not null };

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
        saga.ExpiresAt = context.Now() + saga.Plan.Deadline;
        saga.PolicyHash = endpoint.PolicyHash;
        saga.ExpectedEpoch = endpoint.Epoch;
        saga.Blue = endpoint.Live();
        saga.BlueDeploymentId = endpoint.LiveDeploymentId;
    }

    private async Task WhenBusyAsync(BehaviorContext<Deployment> context, EndpointRow endpoint)
    {
        var holder = endpoint.HolderDeploymentId!.Value;
        switch (endpoint.WhenBusy())
        {
            case "refuse":
                Reject(context, $"Deployment {holder} is under way on '{endpoint.Name}', and the policy refuses promotions meanwhile");
                break;
            case "supersede" when await IsNewerAsync(holder, context):
                Supersede(context.Saga, holder, context.Now());
                break;
            case "supersede" when await TryWaitAsync(context, endpoint):
                await context.Publish(new SupersedeDeployment { DeploymentId = holder, SupersededBy = context.Saga.CorrelationId });
                break;
            case "queue":
                await TryWaitAsync(context, endpoint);
                break;
        }
    }

    /// <summary>Takes the waiting place, unless a newer promotion has it: then this one ends.</summary>
    private static async Task<bool> TryWaitAsync(BehaviorContext<Deployment> context, EndpointRow endpoint)
    {
        var saga = context.Saga;
        if (endpoint.WaitingDeploymentId is { } waiting)
        {
            if (endpoint.WaitingPromotedAt > saga.PromotedAt)
            {
                Supersede(saga, waiting, context.Now());
                return false;
            }

            await context.Publish(new SupersedeDeployment { DeploymentId = waiting, SupersededBy = saga.CorrelationId });
        }

        endpoint.WaitingDeploymentId = saga.CorrelationId;
        endpoint.WaitingPromotedAt = saga.PromotedAt;
        return true;
    }

    /// <summary>A promotion that was held up on its way does not supersede one that was made after it. When a promotion was made never changes.</summary>
    private async Task<bool> IsNewerAsync(Guid deployment, BehaviorContext<Deployment> context)
    {
        var known = db.Deployments.Local.FirstOrDefault(row => row.CorrelationId == deployment)
            ?? await db.Deployments.AsNoTracking().SingleOrDefaultAsync(row => row.CorrelationId == deployment, context.CancellationToken);
        return known?.PromotedAt > context.Saga.PromotedAt;
    }

    private static void Supersede(Deployment saga, Guid by, DateTimeOffset now)
    {
        saga.EndsAs = nameof(DeploymentStateMachine.Superseded);
        saga.SupersededBy = by;
        saga.EndedAt = now;
    }

    private static void Reject(BehaviorContext<Deployment> context, string reason)
    {
        context.Saga.EndsAs = nameof(DeploymentStateMachine.Rejected);
        Refuse(context, reason);
    }

    private static void Refuse(BehaviorContext<Deployment> context, string reason)
    {
        context.Saga.Reason = reason;
        context.Saga.EndedAt = context.Now();
    }
}
