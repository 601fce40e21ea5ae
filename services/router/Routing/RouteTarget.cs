using BlueGreen.Contracts;

namespace BlueGreen.Router.Routing;

/// <summary>An environment that a route points at, live or standby.</summary>
public sealed record RouteTarget
{
    public required Guid EnvironmentId { get; init; }

    /// <summary>The deployment that brought the environment: what a revert and a veto name.</summary>
    public required Guid DeploymentId { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }

    /// <summary>Inference protocol spoken, e.g. <c>open-inference-v2</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>What the protocol leaves open; null: its defaults.</summary>
    public InferenceSettings? Inference { get; init; }
    public required IReadOnlyList<Replica> Replicas { get; init; }

    internal static RouteTarget Of(SwitchTraffic command) => Of(command.DeploymentId, command.Fleet);

    internal static RouteTarget Of(Guid deploymentId, Fleet fleet) => new()
    {
        EnvironmentId = fleet.EnvironmentId,
        DeploymentId = deploymentId,
        Model = fleet.Model,
        Version = fleet.Version,
        Protocol = fleet.Protocol,
        Inference = fleet.Inference,
        Replicas = fleet.Replicas,
    };
}
