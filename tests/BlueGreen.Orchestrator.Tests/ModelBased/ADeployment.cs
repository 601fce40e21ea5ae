using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>A deployment put into a state, and messages that fit it.</summary>
internal static class ADeployment
{
    private static readonly Guid Id = new("d1000000-0000-0000-0000-000000000000");

    /// <summary>As it comes to be in the state, with everything that its next step needs.</summary>
    public static Deployment In(string state, SagaDriver driver)
    {
        driver.Deliver(Promotion(), Id);
        var saga = driver.Sagas[Id];
        saga.Fingerprint = "f";
        saga.Green = new Fleet { EnvironmentId = saga.EnvironmentId, Model = "fraud", Version = "1", Protocol = "open-inference-v2", Replicas = [] };
        (saga.SwitchEpoch, saga.SwitchedAt) = (2, driver.Now);
        saga.Stages = [.. saga.Stages, new StageRecord { Stage = "Switching", Attempt = 1, StartedAt = driver.Now }];
        driver.Timers[^1] = driver.Timers[^1] with { Message = driver.Timers[^1].Message with { State = state } };
        saga.CurrentState = state;
        return saga;
    }

    /// <summary>The rows that a message may change: the saga, the endpoint, the history.</summary>
    public static string Fingerprint(Deployment saga, SagaDriver driver) => JsonSerializer.Serialize(new
    {
        saga.CurrentState,
        saga.Attempt,
        saga.OvertakenBy,
        saga.Approvals,
        saga.Reason,
        Deadlines = driver.Timers.Count,
        driver.Endpoint.Epoch,
        driver.Endpoint.LiveEnvironmentId,
        History = driver.Db.ChangeTracker.Entries<HistoryRow>().Count(),
    });

    public static object Message(string name, Deployment saga) => name switch
    {
        "ModelPromoted" => Promotion(),
        "SlotGranted" => new SlotGranted { DeploymentId = Id },
        "SupersedeDeployment" => new SupersedeDeployment { DeploymentId = Id, SupersededBy = Guid.NewGuid() },
        "CancelDeployment" => new CancelDeployment { DeploymentId = Id, Reason = "cancel", RequestedBy = "bob" },
        "RollbackRequested" => new RollbackRequested { DeploymentId = Id, Endpoint = "fraud", Reason = "bad", RequestedBy = "bob" },
        "TrafficReverted" => Switch(saga).Reverted(World.Blue.EnvironmentId) with { Epoch = 9 },
        "RevertRefused" => new RevertRefused { DeploymentId = Id, Endpoint = "fraud", Reason = "no way back" },
        "TrafficSwitched" => Switch(saga).Done() with { Epoch = 8 },
        "SwitchingFailed" => Switch(saga).Failed(),
        "DeploymentApproved" => Answers.Approved(Id, saga.CurrentState, saga.EnvironmentId, "f", "bob"),
        "DeploymentRejected" => Answers.Rejected(Id, saga.CurrentState, saga.EnvironmentId, "f", "bob"),
        "DeadlineExpired" => new DeadlineExpired { DeploymentId = Id, Attempt = saga.Attempt, State = saga.CurrentState },
        "StageFaulted" => new StageFaulted
        {
            DeploymentId = Id,
            Attempt = saga.Attempt,
            Stage = saga.CurrentState,
            FaultId = Guid.Empty,
            Reason = "given up",
        },
        "StageReplayRequested" => new StageReplayRequested
        {
            DeploymentId = Id,
            Attempt = saga.NextAttempt(saga.FaultedStage() ?? "Warming"),
            Stage = saga.FaultedStage() ?? "Warming",
            RequestedBy = "bob",
        },
        _ => Outcome(name, saga),
    };

    private static IDeploymentMessage Outcome(string name, Deployment saga) => name switch
    {
        "EnvironmentProvisioned" => Provision(saga).Done(),
        "ProvisioningFailed" => Provision(saga).Failed(retryable: false),
        "EnvironmentWarmed" => Warm(saga).Done(),
        "WarmingFailed" => new WarmingFailed { DeploymentId = Id, Attempt = saga.Attempt, Reason = "not flat", Replicas = [] },
        "EnvironmentValidated" => Validate(saga).Done(),
        "ValidationFailed" => Validate(saga).Failed(),
        "BakingPassed" => Bake(saga).Done(),
        "BakingFailed" => Bake(saga).Failed(),
        "BakingInconclusive" => Bake(saga).Inconclusive(),
        "StandbyReleased" => new StandbyReleased { DeploymentId = Id, Attempt = saga.Attempt, Endpoint = "fraud", Epoch = 8 },
        "StandbyReleaseFailed" => new StandbyReleaseFailed { DeploymentId = Id, Attempt = saga.Attempt, Reason = "silent" },
        "EnvironmentDecommissioned" => new EnvironmentDecommissioned { DeploymentId = Id, Attempt = saga.Attempt, EnvironmentId = saga.EnvironmentId },
        "DecommissioningFailed" => new DecommissioningFailed { DeploymentId = Id, Attempt = saga.Attempt, EnvironmentId = saga.EnvironmentId, Reason = "busy" },
        "EnvironmentQuarantined" => Quarantine(saga).Done(),
        _ => throw new NotSupportedException($"No {name} is made here yet."),
    };

    private static ModelPromoted Promotion() => new()
    {
        DeploymentId = Id,
        Endpoint = "fraud",
        Model = "fraud",
        Version = "1",
        Artifact = new ArtifactReference { Uri = new Uri("file:///m.zip"), Sha256 = new string('a', 64) },
        Source = "generic",
        PromotedAt = default,
    };

    private static ProvisionEnvironment Provision(Deployment saga) => new()
    {
        DeploymentId = Id,
        Attempt = saga.Attempt,
        Endpoint = "fraud",
        EnvironmentId = saga.EnvironmentId,
        Model = "fraud",
        Version = "1",
        Artifact = saga.Artifact,
        Template = saga.Plan!.Template,
        UnservedTtl = saga.Plan.UnservedTtl,
    };

    private static WarmEnvironment Warm(Deployment saga) =>
        new() { DeploymentId = Id, Attempt = saga.Attempt, Endpoint = "fraud", Fleet = saga.Green!, Warmup = saga.Plan!.Warmup };

    private static ValidateEnvironment Validate(Deployment saga) =>
        new() { DeploymentId = Id, Attempt = saga.Attempt, Endpoint = "fraud", Green = saga.Green!, Fingerprint = "f", Gates = saga.Plan!.Gates };

    private static SwitchTraffic Switch(Deployment saga) =>
        new() { DeploymentId = Id, Attempt = saga.Attempt, Endpoint = "fraud", Fleet = saga.Green!, ExpectedEpoch = 1 };

    private static BeginBaking Bake(Deployment saga) =>
        new() { DeploymentId = Id, Attempt = saga.Attempt, Endpoint = "fraud", Green = saga.Green!, Bake = saga.Plan!.Bake, SwitchedAt = default };

    private static QuarantineEnvironment Quarantine(Deployment saga) =>
        new() { DeploymentId = Id, Attempt = saga.Attempt, EnvironmentId = saga.EnvironmentId, Reason = "", Ttl = default };
}
