using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>How whoever gets a command may answer it. The router has no choice: its answer follows from the route.</summary>
internal static class Answers
{
    public static IEnumerable<(IDeploymentMessage Message, object Body)> To(IDeploymentMessage command, int variant, Router router, DateTimeOffset now)
    {
        var isGood = variant % 10 != 0;
        if (variant % 47 == 0 && FaultOf(command) is { } fault) return [(command, fault)];
        IDeploymentMessage? answer = command switch
        {
            ProvisionEnvironment provision => isGood ? provision.Done() : provision.Failed(retryable: variant % 20 == 0),
            WarmEnvironment warm => isGood
                ? warm.Done()
                : new WarmingFailed { DeploymentId = warm.DeploymentId, Attempt = warm.Attempt, Reason = "not flat", Replicas = [] },
            ValidateEnvironment validate => isGood ? validate.Done() : Bad(validate, variant),
            SwitchTraffic switching => router.Switch(switching, now),
            BeginBaking bake => isGood ? bake.Done() : variant % 20 == 0 ? bake.Inconclusive() : bake.Failed(),
            ReleaseStandby release => router.Release(release),
            DecommissionEnvironment decommission => isGood ? decommission.Done() : Failed(decommission),
            QuarantineEnvironment quarantine => quarantine.Done(),
            // Rollback gives up when no router answers for long: then nothing was reverted, and nothing vetoed.
            RollbackRequested rollback => variant % 9 == 0
                ? new RevertRefused { DeploymentId = rollback.DeploymentId, Endpoint = rollback.Endpoint, Reason = "no router answered" }
                : router.Revert(rollback.DeploymentId, rollback.Endpoint, now),
            _ => null,
        };
        return answer is null ? [] : [(answer, answer)];
    }

    public static DeploymentApproved Approved(Guid id, string state, Guid environment, string fingerprint, string who) => new()
    {
        DeploymentId = id,
        State = state,
        EnvironmentId = environment,
        Fingerprint = fingerprint,
        ApprovedBy = who,
        ApprovedAt = default,
    };

    public static DeploymentRejected Rejected(Guid id, string state, Guid environment, string fingerprint, string who) => new()
    {
        DeploymentId = id,
        State = state,
        EnvironmentId = environment,
        Fingerprint = fingerprint,
        RejectedBy = who,
        Reason = "no",
    };

    private static IDeploymentMessage Bad(ValidateEnvironment validate, int variant) => (variant / 10 % 5) switch
    {
        0 => validate.Failed(),
        1 => validate.Done() with { EnvironmentId = Guid.Empty },
        2 => validate.Done() with { Fingerprint = "another" },
        3 => validate.Done(Verdict.Inconclusive),
        _ => validate.Done() with { Gates = [] },
    };

    private static DecommissioningFailed Failed(DecommissionEnvironment command) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
        Reason = "busy",
    };

    private static StageFaulted? FaultOf(IDeploymentMessage command) => command switch
    {
        ProvisionEnvironment message => GivenUp(message, "Provisioning"),
        WarmEnvironment message => GivenUp(message, "Warming"),
        ValidateEnvironment message => GivenUp(message, "Validating"),
        SwitchTraffic message => GivenUp(message, "Switching"),
        BeginBaking message => GivenUp(message, "Baking"),
        _ => null,
    };

    private static StageFaulted GivenUp(IStageMessage command, string stage) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Stage = stage,
        FaultId = Guid.Empty,
        Reason = "given up",
    };
}
