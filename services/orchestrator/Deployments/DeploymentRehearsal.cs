using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Rehearsing;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>For each rehearsed message an endpoint, and a deployment of it in the very state that the message ends.</summary>
internal sealed class DeploymentRehearsal(TimeProvider clock) : IRehearsalScene<OrchestratorDbContext>
{
    private static readonly string Policy = PolicyJson.Write(SampleMessage.Of<EndpointPolicy>());

    public void Set(OrchestratorDbContext db, IDeploymentMessage message)
    {
        db.Add(Endpoint(message));
        if (StateFor(message) is { } state) db.Add(Saga(message, state));
    }

    private static string? StateFor(IDeploymentMessage message) => message switch
    {
        SlotGranted => nameof(DeploymentStateMachine.Queued),
        EnvironmentProvisioned => nameof(DeploymentStateMachine.Provisioning),
        EnvironmentWarmed => nameof(DeploymentStateMachine.Warming),
        EnvironmentValidated or ValidationFailed => nameof(DeploymentStateMachine.Validating),
        TrafficSwitched => nameof(DeploymentStateMachine.Switching),
        BakingPassed or BakingFailed or RollbackRequested => nameof(DeploymentStateMachine.Baking),
        StandbyReleased => nameof(DeploymentStateMachine.Releasing),
        EnvironmentDecommissioned => nameof(DeploymentStateMachine.Committing),
        TrafficReverted or EnvironmentQuarantined => nameof(DeploymentStateMachine.RollingBack),
        _ => null,
    };

    private EndpointRow Endpoint(IDeploymentMessage message)
    {
        var endpoint = new EndpointRow
        {
            Name = SampleMessage.Text,
            PolicyText = Policy,
            PolicyJson = Policy,
            PolicyHash = PolicyJson.Hash(Policy),
            Revision = 1,
            Path = SampleMessage.Text,
            UpdatedAt = clock.GetUtcNow(),
            HolderDeploymentId = message is ModelPromoted ? null : message.DeploymentId,
            Epoch = -1,
        };
        endpoint.SetLive(SampleMessage.Of<Fleet>(), Guid.CreateVersion7());
        return endpoint;
    }

    private Deployment Saga(IDeploymentMessage message, string state)
    {
        var now = clock.GetUtcNow();
        var fleet = SampleMessage.Of<Fleet>();
        return new Deployment
        {
            CorrelationId = message.DeploymentId,
            CurrentState = state,
            Endpoint = SampleMessage.Text,
            PromotedAt = now,
            Artifact = SampleMessage.Of<ArtifactReference>(),
            Plan = SampleMessage.Of<DeploymentPlan>(),
            Fingerprint = SampleMessage.Text,
            Green = fleet,
            Blue = message is BakingPassed ? null : fleet,
            SwitchedAt = now,
            SwitchEpoch = 0,
            DeadlineToken = Guid.CreateVersion7(),
            Stages = [new StageRecord { Stage = state, Attempt = 0, StartedAt = now }],
        };
    }
}
