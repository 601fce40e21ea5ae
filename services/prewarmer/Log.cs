namespace BlueGreen.Prewarmer;

/// <summary>Event ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information,
        "{Endpoint}: replica {Index} went from p99 {ColdMilliseconds:0.00} ms to {WarmMilliseconds:0.00} ms; {Reason}")]
    public static partial void ReplicaWarmed(
        this ILogger logger, string endpoint, int index, double coldMilliseconds, double warmMilliseconds, string reason);

    [LoggerMessage(4001, LogLevel.Warning, "{Endpoint}: warming for deployment {DeploymentId} failed: {Reason}")]
    public static partial void WarmingFailed(this ILogger logger, string endpoint, Guid deploymentId, string reason);

    [LoggerMessage(4003, LogLevel.Warning,
        "{Endpoint}: whether replicas restart cannot be told ({Reason}); lost connections must do for a sign of it")]
    public static partial void IdentityUnknown(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(4004, LogLevel.Information, "{Endpoint}: {Reason}; warming with what the model's metadata give")]
    public static partial void NothingCaptured(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(4002, LogLevel.Warning,
        "{Endpoint}: the payloads cannot be put together into batches of {MaxBatch}; only single requests are warmed")]
    public static partial void BatchesSkipped(this ILogger logger, string endpoint, int maxBatch);

    [LoggerMessage(4005, LogLevel.Warning, "{Endpoint}: replica {Index} was started again and gets requests without being warm: {Reason}")]
    public static partial void NotRewarmed(this ILogger logger, string endpoint, int index, string reason);
}
