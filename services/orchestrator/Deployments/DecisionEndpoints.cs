using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>
/// What operators decide about a deployment under way. 202: the decision is stored and will be carried out, unless something faster (an
/// alarm, a deadline) decides first. Repeating a decision changes nothing and gets the same answer.
/// </summary>
internal static class DecisionEndpoints
{
    public static void MapDecisions(this IEndpointRouteBuilder api)
    {
        var deployment = api.MapGroup("/deployments/{id:guid}").WithTags("Deployments");
        deployment.MapPost("/approve", ApproveAsync).WithName("Approve")
            .WithSummary("Lets a deployment that awaits approval be switched to, or goes on past a bake that was held without a verdict.");
        deployment.MapPost("/reject", RejectAsync).WithName("Reject")
            .WithSummary("Tears down a deployment that awaits approval.");
        deployment.MapPost("/cancel", CancelAsync).WithName("Cancel")
            .WithSummary("Ends a deployment: before its switch it is torn down, after it rolled back.");
    }

    private static async Task<IResult> ApproveAsync(
        Guid id, DecisionRequest request, IServiceStore<OrchestratorDbContext> store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.CheckWho() is { } problem) return problem;
        if (await FindAsync(store, id, cancellationToken) is not { } row) return Unknown(id);
        var who = request.RequestedBy!;
        if (DecisionRules.IsRepeated(row, who)) return Accepted(id);
        if (DecisionRules.RefusalToApprove(row, who, request) is { } refusal) return ProblemResults.Conflict(refusal);
        if (row.CurrentState == nameof(DeploymentStateMachine.Held) && request.CheckReason() is { } unsaid) return unsaid;
        return await StoreAsync(store, id, [new DeploymentApproved
        {
            DeploymentId = id,
            State = row.CurrentState,
            EnvironmentId = row.EnvironmentId,
            Fingerprint = row.Fingerprint ?? "",
            ApprovedBy = who,
            Reason = request.Reason,
            ApprovedAt = clock.GetUtcNow(),
        }], cancellationToken);
    }

    private static async Task<IResult> RejectAsync(
        Guid id, DecisionRequest request, IServiceStore<OrchestratorDbContext> store, CancellationToken cancellationToken)
    {
        if ((request.CheckWho() ?? request.CheckReason()) is { } problem) return problem;
        if (await FindAsync(store, id, cancellationToken) is not { } row) return Unknown(id);
        if (row.EndsAs == nameof(DeploymentStateMachine.Rejected)) return Accepted(id);
        if (DecisionRules.RefusalToReject(row, request) is { } refusal) return ProblemResults.Conflict(refusal);
        return await StoreAsync(store, id, [new DeploymentRejected
        {
            DeploymentId = id,
            State = row.CurrentState,
            EnvironmentId = row.EnvironmentId,
            Fingerprint = row.Fingerprint ?? "",
            RejectedBy = request.RequestedBy!,
            Reason = request.Reason!,
        }], cancellationToken);
    }

    private static async Task<IResult> CancelAsync(
        Guid id, DecisionRequest request, IServiceStore<OrchestratorDbContext> store, CancellationToken cancellationToken)
    {
        if ((request.CheckWho() ?? request.CheckReason()) is { } problem) return problem;
        if (await FindAsync(store, id, cancellationToken) is not { } row) return Unknown(id);
        if (row.EndsAs == nameof(DeploymentStateMachine.Cancelled)) return Accepted(id);
        if (DecisionRules.RefusalToCancel(row) is { } refusal) return ProblemResults.Conflict(refusal);
        var (reason, who) = (request.Reason!, request.RequestedBy!);
        var cancel = new CancelDeployment { DeploymentId = id, Reason = reason, RequestedBy = who };
        if (!row.ReachedSwitching()) return await StoreAsync(store, id, [cancel], cancellationToken);
        // A rollback does not wait for the saga: rollback hears of it at once.
        var rollback = new RollbackRequested { DeploymentId = id, Endpoint = row.Endpoint, Reason = reason, RequestedBy = who };
        return await StoreAsync(store, id, [cancel, rollback], cancellationToken);
    }

    private static async Task<IResult> StoreAsync(
        IServiceStore<OrchestratorDbContext> store, Guid id, IReadOnlyList<IDeploymentMessage> decision, CancellationToken cancellationToken)
    {
        await store.WriteAsync(async (transaction, token) =>
        {
            foreach (var message in decision) await transaction.PublishAsync(message, token);
            return true;
        }, cancellationToken);
        return Accepted(id);
    }

    private static IResult Accepted(Guid id) => Results.Accepted($"/api/v1/deployments/{id}", new DeploymentAccepted(id));

    private static IResult Unknown(Guid id) => ProblemResults.NotFound($"There is no deployment {id}.");

    private static Task<Deployment?> FindAsync(IServiceStore<OrchestratorDbContext> store, Guid id, CancellationToken cancellationToken) =>
        store.ReadAsync((db, token) => db.Deployments.SingleOrDefaultAsync(row => row.CorrelationId == id, token), cancellationToken);
}
