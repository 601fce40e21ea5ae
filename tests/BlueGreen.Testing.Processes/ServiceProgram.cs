namespace BlueGreen.Testing.Processes;

/// <summary>One of the services.</summary>
/// <param name="Name">Kebab-case, as in logs and queues.</param>
/// <param name="Project">The project, and assembly, that is it.</param>
internal sealed record ServiceProgram(string Name, string Project)
{
    public const string Orchestrator = "orchestrator";
    public const string Router = "router";
    public const string RegistryListener = "registry-listener";
    public const string Rollback = "rollback";

    /// <summary>All seven.</summary>
    public static IReadOnlyList<ServiceProgram> All { get; } =
    [
        new(Orchestrator, "BlueGreen.Orchestrator"), new(Router, "BlueGreen.Router"), new("env-manager", "BlueGreen.EnvManager"),
        new("prewarmer", "BlueGreen.Prewarmer"), new("validator", "BlueGreen.Validator"),
        new(RegistryListener, "BlueGreen.RegistryListener"), new(Rollback, "BlueGreen.Rollback"),
    ];
}
