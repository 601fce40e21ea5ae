using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>
/// Orders a new attempt of a faulted deployment's stage. The order and the settled faults are one transaction; the saga checks again and
/// takes it once, because the order names the attempt that it makes.
/// </summary>
internal static class DeploymentReplay
{
    public static async Task<ReplayOutcome> OrderAsync(
        ServiceTransaction<OrchestratorDbContext> transaction, Guid deployment, string? from, Actor actor, bool dryRun, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        if (await db.Deployments.AsNoTracking().SingleOrDefaultAsync(row => row.CorrelationId == deployment, cancellationToken) is not { } saga)
            return ReplayOutcome.NotFound($"There is no deployment {deployment}.");
        if (saga.LastReplay() is { } last && (from is null || from == last.Stage))
            return ReplayOutcome.Done(deployment, last.Stage, last.Attempt, already: true);
        var stage = from ?? saga.FaultedStage() ?? "";
        if (ReplayRules.Refusal(saga, stage) is { } refusal) return ReplayOutcome.Refused(refusal);
        var endpoint = await db.LockEndpointAsync(saga.Endpoint, cancellationToken);
        if (endpoint?.HolderDeploymentId != deployment)
            return ReplayOutcome.Refused($"Endpoint '{saga.Endpoint}' is held by deployment {endpoint?.HolderDeploymentId}.");
        var attempt = saga.NextAttempt(stage);
        if (dryRun) return ReplayOutcome.Done(deployment, stage, attempt, already: false);

        var open = await db.Faults.Where(row => row.DeploymentId == deployment && row.State == FaultState.Open && row.Stage != null)
            .ToListAsync(cancellationToken);
        foreach (var fault in open) fault.Settle(FaultState.Replayed, actor.Name, actor.Reason, actor.At);
        await transaction.PublishAsync(
            new StageReplayRequested
            {
                DeploymentId = deployment,
                Attempt = attempt,
                Stage = stage,
                RequestedBy = actor.Name,
                Reason = actor.Reason,
            }, cancellationToken);
        return ReplayOutcome.Done(deployment, stage, attempt, already: false);
    }
}

/// <summary>On whose word, why, when.</summary>
internal sealed record Actor(string Name, string? Reason, DateTimeOffset At);

/// <summary>What became of an order.</summary>
internal sealed record ReplayOutcome(int Status, string? Problem, DeploymentReplayed? Replayed)
{
    public static ReplayOutcome Done(Guid deployment, string stage, int attempt, bool already) =>
        new(StatusCodes.Status200OK, null, new DeploymentReplayed(deployment, stage, attempt, already));

    public static ReplayOutcome Refused(string why) => new(StatusCodes.Status409Conflict, why, null);

    public static ReplayOutcome NotFound(string what) => new(StatusCodes.Status404NotFound, what, null);
}

/// <summary>Answer of <c>POST /api/v1/deployments/{id}/replay</c>.</summary>
/// <param name="Id">The deployment.</param>
/// <param name="Stage">The stage that is tried again.</param>
/// <param name="Attempt">The number of the new attempt.</param>
/// <param name="Already">True when it had been ordered before.</param>
internal sealed record DeploymentReplayed(Guid Id, string Stage, int Attempt, bool Already);
