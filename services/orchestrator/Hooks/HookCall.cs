using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Hooks;

/// <summary>What a hook is told.</summary>
internal sealed record HookCall
{
    public required string Hook { get; init; }
    public required string When { get; init; }
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }

    /// <summary>The deployment's state, e.g. <c>AwaitingApproval</c>, <c>Baking</c>, <c>RolledBack</c>.</summary>
    public required string State { get; init; }
    public required int Attempt { get; init; }
    public required Guid EnvironmentId { get; init; }
    public string? Fingerprint { get; init; }
    public string? Reason { get; init; }

    /// <summary>When the deployment came to the state.</summary>
    public required DateTimeOffset At { get; init; }

    public static HookCall Of(CallHooks command, Hook hook) => new()
    {
        Hook = hook.Name,
        When = hook.When,
        DeploymentId = command.DeploymentId,
        Endpoint = command.Endpoint,
        Model = command.Model,
        Version = command.Version,
        State = command.State,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
        Fingerprint = command.Fingerprint,
        Reason = command.Reason,
        At = command.AskedAt,
    };
}
