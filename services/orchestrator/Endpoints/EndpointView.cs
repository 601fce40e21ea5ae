using BlueGreen.Orchestrator.Deployments;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>The answer to a policy that was applied.</summary>
internal sealed record PolicyStored(string Name, string PolicyHash, long Revision, bool Changed, bool DryRun);

/// <summary>An endpoint as operators see it.</summary>
internal sealed record EndpointView(
    string Name, string PolicyHash, long Revision, string Path, long Epoch, LiveView? Live, Guid? ActiveDeployment, Guid? QueuedDeployment)
{
    public static EndpointView From(EndpointRow row) => new(
        row.Name, row.PolicyHash, row.Revision, row.Path, row.Epoch,
        row.Live() is { } fleet ? new LiveView(row.LiveDeploymentId, fleet.EnvironmentId, fleet.Model, fleet.Version) : null,
        row.HolderDeploymentId, row.WaitingDeploymentId);
}

/// <summary>What serves an endpoint.</summary>
internal sealed record LiveView(Guid? DeploymentId, Guid EnvironmentId, string Model, string Version);
