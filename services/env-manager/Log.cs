namespace BlueGreen.EnvManager;

/// <summary>Event ids 3000–3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Environment {EnvironmentId} ({Model} {Version}): replica {Index} started as process {ProcessId} on port {Port}")]
    public static partial void ReplicaStarted(this ILogger logger, Guid environmentId, string model, string version, int index, int processId, int port);

    [LoggerMessage(3001, LogLevel.Information, "Environment {EnvironmentId}: replica {Index} was running already as process {ProcessId}; adopted")]
    public static partial void ReplicaAdopted(this ILogger logger, Guid environmentId, int index, int processId);

    [LoggerMessage(3002, LogLevel.Information, "Environment {EnvironmentId} is provisioned: {Replicas} replicas ready after {Milliseconds:F0} ms")]
    public static partial void Provisioned(this ILogger logger, Guid environmentId, int replicas, double milliseconds);

    [LoggerMessage(3003, LogLevel.Warning, "Environment {EnvironmentId} could not be provisioned: {Reason}")]
    public static partial void ProvisioningFailed(this ILogger logger, Guid environmentId, string reason);

    [LoggerMessage(3004, LogLevel.Warning, "Environment {EnvironmentId}: somebody took port {Port} before replica {Index} could; trying another")]
    public static partial void PortLost(this ILogger logger, Guid environmentId, int index, int port);

    [LoggerMessage(3010, LogLevel.Information, "Environment {EnvironmentId} is decommissioned: {Reason}")]
    public static partial void Decommissioned(this ILogger logger, Guid environmentId, string reason);

    [LoggerMessage(3011, LogLevel.Error, "Environment {EnvironmentId} was not decommissioned: {Reason}")]
    public static partial void DecommissioningRefused(this ILogger logger, Guid environmentId, string reason);

    [LoggerMessage(3012, LogLevel.Information, "Environment {EnvironmentId} is in quarantine until {Until:O}: {Reason}")]
    public static partial void Quarantined(this ILogger logger, Guid environmentId, DateTimeOffset until, string reason);

    [LoggerMessage(3020, LogLevel.Warning, "Environment {EnvironmentId} has expired ({State}, {Model} {Version}); tearing it down")]
    public static partial void Expired(this ILogger logger, Guid environmentId, string state, string model, string version);

    [LoggerMessage(3021, LogLevel.Warning, "Something of environment {EnvironmentId} runs though it should not ({Why}); stopping it")]
    public static partial void StrayFound(this ILogger logger, Guid environmentId, string why);

    [LoggerMessage(3022, LogLevel.Error, "A round of the reaper failed; trying again")]
    public static partial void ReapingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3030, LogLevel.Error, "Environment {EnvironmentId} ({Role}): replica {Index} is gone; its last words: {LastWords}")]
    public static partial void ReplicaLost(this ILogger logger, Guid environmentId, string role, int index, string lastWords);

    [LoggerMessage(3031, LogLevel.Warning, "Environment {EnvironmentId}: replica {Index} started again as process {ProcessId} on port {Port}")]
    public static partial void ReplicaRestarted(this ILogger logger, Guid environmentId, int index, int processId, int port);

    [LoggerMessage(3032, LogLevel.Information, "Environment {EnvironmentId}: replica {Index} is ready again")]
    public static partial void ReplicaReady(this ILogger logger, Guid environmentId, int index);

    [LoggerMessage(3033, LogLevel.Error, "Environment {EnvironmentId} ({Role}): replica {Index} runs but does not answer its readiness probe")]
    public static partial void ReplicaUnready(this ILogger logger, Guid environmentId, string role, int index);

    [LoggerMessage(3034, LogLevel.Error, "Environment {EnvironmentId}: replica {Index} cannot be started again: {Reason}")]
    public static partial void RestartFailed(this ILogger logger, Guid environmentId, int index, string reason);

    [LoggerMessage(3035, LogLevel.Error, "A round of the replica watch failed; trying again")]
    public static partial void WatchingFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3040, LogLevel.Critical, "Route {Endpoint} names environment {EnvironmentId} as {Role}, which is {State} here")]
    public static partial void RouteNamesLostEnvironment(this ILogger logger, string endpoint, Guid environmentId, string role, string state);

    [LoggerMessage(3041, LogLevel.Information, "Route {Endpoint}, epoch {Epoch}: live {Live}, standby {Standby}")]
    public static partial void RouteLearnt(this ILogger logger, string endpoint, long epoch, Guid? live, Guid? standby);

    [LoggerMessage(3050, LogLevel.Information, "Stopping {Count} environments with env-manager")]
    public static partial void StoppingAll(this ILogger logger, int count);
}
