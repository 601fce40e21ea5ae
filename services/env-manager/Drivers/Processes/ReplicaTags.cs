using System.Globalization;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>
/// The environment variables that mark a replica's processes. Children inherit them, and they survive any loss of memory on our side.
/// </summary>
internal static class ReplicaTags
{
    public const string EnvironmentId = "BLUEGREEN_ENVIRONMENT_ID";
    public const string DataDirectory = "BLUEGREEN_DATA_DIRECTORY";
    private const string DeploymentId = "BLUEGREEN_DEPLOYMENT_ID";
    private const string CreatedAt = "BLUEGREEN_CREATED_AT";
    private const string ReplicaIndex = "BLUEGREEN_REPLICA";
    private const string Port = "BLUEGREEN_PORT";
    private const string Fingerprint = "BLUEGREEN_FINGERPRINT";

    public static IReadOnlyDictionary<string, string> For(ReplicaLaunch launch, int port, string dataDirectory) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [EnvironmentId] = launch.EnvironmentId.ToString(),
            [DeploymentId] = launch.DeploymentId.ToString(),
            [CreatedAt] = launch.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            [ReplicaIndex] = launch.Index.ToString(CultureInfo.InvariantCulture),
            [Port] = port.ToString(CultureInfo.InvariantCulture),
            [Fingerprint] = launch.Fingerprint,
            [DataDirectory] = dataDirectory,
        };

    /// <summary>The environment that tagged processes belong to; null for everybody else's processes.</summary>
    public static Guid? OwnerOf(IReadOnlyDictionary<string, string> variables, string dataDirectory) =>
        variables.GetValueOrDefault(DataDirectory) == dataDirectory
        && Guid.TryParse(variables.GetValueOrDefault(EnvironmentId), out var id) ? id : null;

    /// <summary>The replica that tagged processes belong to.</summary>
    public static int? IndexOf(IReadOnlyDictionary<string, string> variables) =>
        int.TryParse(variables.GetValueOrDefault(ReplicaIndex), CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>The replica as its tags tell; null when they are not (all) there.</summary>
    public static RunningReplica? Read(ProcessEntry process, IReadOnlyDictionary<string, string> variables, string dataDirectory) =>
        OwnerOf(variables, dataDirectory) is { } environmentId
        && IndexOf(variables) is { } index
        && int.TryParse(variables.GetValueOrDefault(Port), CultureInfo.InvariantCulture, out var port)
        && variables.GetValueOrDefault(Fingerprint) is { } fingerprint
            ? new RunningReplica
            {
                EnvironmentId = environmentId,
                Index = index,
                Fingerprint = fingerprint,
                Port = port,
                ProcessId = process.Id,
                StartedAt = process.StartedAt,
            }
            : null;
}
