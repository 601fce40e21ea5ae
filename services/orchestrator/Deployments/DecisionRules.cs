namespace BlueGreen.Orchestrator.Deployments;

/// <summary>Which decision a deployment is open to, as its row stands. The saga judges again when the decision reaches it.</summary>
internal static class DecisionRules
{
    /// <summary>This person's approval was counted already, for what it waits for now or for what it has left behind.</summary>
    public static bool IsRepeated(Deployment row, string who) => IsOpen(row)
        ? row.IsApprovedBy(who)
        : row.Approvals.Any(approval => string.Equals(approval.By.Trim(), who.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <returns>Null when the approval would count, otherwise why not.</returns>
    public static string? RefusalToApprove(Deployment row, string who, DecisionRequest request)
    {
        if (!IsOpen(row)) return NothingToDecide(row, "approve");
        if (who.TrimStart().StartsWith(HookApprovals.Prefix, StringComparison.OrdinalIgnoreCase))
            return $"'{HookApprovals.Prefix}…' is how hooks are named: approve under your own name.";
        if (row.Green is null)
            return $"Deployment {row.CorrelationId} waits for its confirm-rollout hooks; people approve what was built. Reject it, or wait.";
        if (row.IsPromotersOwn(who))
            return $"{who} promoted this version: the policy asks for four eyes, so somebody else must approve.";
        return OtherThanLookedAt(row, request);
    }

    public static string? RefusalToReject(Deployment row, DecisionRequest request) => row.CurrentState switch
    {
        nameof(DeploymentStateMachine.AwaitingApproval) => OtherThanLookedAt(row, request),
        nameof(DeploymentStateMachine.Held) => $"Deployment {row.CorrelationId} is live and held: roll it back instead.",
        _ => NothingToDecide(row, "reject") + (row.EndedAt is null ? " Cancel it instead." : ""),
    };

    public static string? RefusalToCancel(Deployment row) => row.CurrentState switch
    {
        _ when row.EndedAt is not null => $"Deployment {row.CorrelationId} has ended as {row.CurrentState}.",
        nameof(DeploymentStateMachine.Releasing) or nameof(DeploymentStateMachine.Committing) =>
            $"Deployment {row.CorrelationId} is {row.CurrentState}: the way back is given up already. Promote the version that is to serve instead.",
        nameof(DeploymentStateMachine.RollingBack) or nameof(DeploymentStateMachine.TearingDown) =>
            $"Deployment {row.CorrelationId} is {row.CurrentState} already.",
        _ => null,
    };

    private static bool IsOpen(Deployment row) =>
        row.CurrentState is nameof(DeploymentStateMachine.AwaitingApproval) or nameof(DeploymentStateMachine.Held);

    private static string NothingToDecide(Deployment row, string verb) => row.EndedAt is null
        ? $"Deployment {row.CorrelationId} is {row.CurrentState}: there is nothing to {verb}."
        : $"Deployment {row.CorrelationId} has ended as {row.CurrentState}.";

    private static string? OtherThanLookedAt(Deployment row, DecisionRequest request)
    {
        if (request.EnvironmentId is { } environment && environment != row.EnvironmentId)
            return $"The deployment's environment is {row.EnvironmentId}, not {environment}.";
        return request.Fingerprint is { } fingerprint && fingerprint != row.Fingerprint
            ? $"The environment's fingerprint is {row.Fingerprint}, not {fingerprint}."
            : null;
    }
}
