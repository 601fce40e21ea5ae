namespace BlueGreen.EnvManager.Environments;

/// <summary>Env-manager's copy of what an endpoint's route refers to, as the router's events tell it.</summary>
internal sealed class EndpointRoute
{
    public required string Endpoint { get; init; }

    /// <summary>Newest epoch heard of: older news is ignored.</summary>
    public required long Epoch { get; set; }
    public Guid? LiveEnvironmentId { get; set; }
    public Guid? StandbyEnvironmentId { get; set; }

    public EnvironmentRole RoleOf(Guid environmentId) =>
        LiveEnvironmentId == environmentId ? EnvironmentRole.Live
        : StandbyEnvironmentId == environmentId ? EnvironmentRole.Standby
        : EnvironmentRole.None;
}
