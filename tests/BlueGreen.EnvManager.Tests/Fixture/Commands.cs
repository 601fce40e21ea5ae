using BlueGreen.Contracts;

namespace BlueGreen.EnvManager.Tests.Fixture;

/// <summary>Messages with sensible members.</summary>
internal static class Commands
{
    private static readonly string StubServer = Path.Combine(AppContext.BaseDirectory, "BlueGreen.EnvManager.StubServer.dll");

    public static ProvisionEnvironment Provision(ArtifactReference artifact, int replicas = 2, params string[] arguments) => new()
    {
        DeploymentId = Guid.NewGuid(),
        Attempt = 1,
        Endpoint = "fraud",
        EnvironmentId = Guid.NewGuid(),
        Model = "fraud",
        Version = "7",
        Artifact = artifact,
        Template = new EnvironmentTemplate
        {
            Driver = "process",
            Protocol = "open-inference-v2",
            Replicas = replicas,
            Command = ["dotnet", StubServer, "--model", "{artifact}", "--port", "{port}", .. arguments],
            CostPerHour = 1.41,
        },
        UnservedTtl = TimeSpan.FromHours(24),
    };

    public static TrafficSwitched Switched(ProvisionEnvironment to, long epoch, Guid? standby = null) => new()
    {
        DeploymentId = to.DeploymentId,
        Attempt = 1,
        Endpoint = to.Endpoint,
        EnvironmentId = to.EnvironmentId,
        Epoch = epoch,
        StandbyEnvironmentId = standby,
        SwitchedAt = DateTimeOffset.UnixEpoch,
        Confirmed = true,
        ConvergenceMilliseconds = 1,
        Acknowledgements = [],
    };

    public static DecommissionEnvironment Decommission(ProvisionEnvironment environment, int attempt = 1) => new()
    {
        DeploymentId = environment.DeploymentId,
        Attempt = attempt,
        EnvironmentId = environment.EnvironmentId,
        Reason = "a test is over",
    };

    public static QuarantineEnvironment Quarantine(ProvisionEnvironment environment, TimeSpan ttl) => new()
    {
        DeploymentId = environment.DeploymentId,
        Attempt = 1,
        EnvironmentId = environment.EnvironmentId,
        Reason = "an alarm fired",
        Ttl = ttl,
    };

    public static StandbyReleased Released(ProvisionEnvironment by, long epoch, Guid released) => new()
    {
        DeploymentId = by.DeploymentId,
        Attempt = 1,
        Endpoint = by.Endpoint,
        Epoch = epoch,
        ReleasedEnvironmentId = released,
    };
}
