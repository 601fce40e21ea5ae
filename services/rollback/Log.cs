namespace BlueGreen.Rollback;

/// <summary>Event ids 7000–7999.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information,
        "Alarm {Alarm} of {Source} for {Endpoint}: {Decision} (deployment {DeploymentId}, {Milliseconds:0.0} ms)")]
    public static partial void AlarmDecided(
        this ILogger logger, string source, string alarm, string? endpoint, Guid? deploymentId, string decision, double milliseconds);

    [LoggerMessage(7001, LogLevel.Warning, "Alarms of {Source} refused with {Status}: {Field}: {Detail}")]
    public static partial void AlarmsRefused(this ILogger logger, string source, int status, string field, string detail);

    [LoggerMessage(7002, LogLevel.Error, "Alarms of {Source} were acted on but not stored; the sender was asked to send them again")]
    public static partial void AlarmsNotStored(this ILogger logger, string source, Exception exception);

    [LoggerMessage(7003, LogLevel.Warning, "{Source} left {Count} alarms out of a request; raise max_alerts of its webhook receiver")]
    public static partial void AlarmsTruncated(this ILogger logger, string source, int count);

    [LoggerMessage(7004, LogLevel.Warning, "Alarms could not be recalled or forgotten; trying again in an hour")]
    public static partial void AlarmMemoryFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7005, LogLevel.Warning, "The SNS certificate {Address} could not be had: {Reason}")]
    public static partial void CertificateNotFetched(this ILogger logger, string address, string reason);

    [LoggerMessage(7006, LogLevel.Information, "{Host} answered {Status} to the confirmation of a subscription")]
    public static partial void SubscriptionAnswered(this ILogger logger, string host, int status);

    [LoggerMessage(7007, LogLevel.Warning, "A subscription could not be confirmed at {Host}: {Reason}")]
    public static partial void SubscriptionNotConfirmed(this ILogger logger, string host, string reason);

    [LoggerMessage(7008, LogLevel.Warning, "Alarms of {Source} were turned away unread: too many bodies are in memory")]
    public static partial void AlarmsOverloaded(this ILogger logger, string source);

    [LoggerMessage(7010, LogLevel.Information,
        "Deployment {DeploymentId} reverted on {Endpoint} at {Routers} of {Asked} routers, asked for by {RequestedBy}")]
    public static partial void Reverted(
        this ILogger logger, Guid deploymentId, string endpoint, int routers, int asked, string requestedBy);

    [LoggerMessage(7011, LogLevel.Error, "Revert of deployment {DeploymentId} on {Endpoint} refused: {Reason}")]
    public static partial void RevertRefused(this ILogger logger, Guid deploymentId, string endpoint, string reason);

    [LoggerMessage(7012, LogLevel.Information, "{Count} routers answer")]
    public static partial void RoutersAnswering(this ILogger logger, int count);

    [LoggerMessage(7020, LogLevel.Warning, "Alarm rules could not be read from the database, those at hand stay in force: {Reason}")]
    public static partial void RulesNotRead(this ILogger logger, string reason);

    [LoggerMessage(7021, LogLevel.Error, "Alarm rules could not be written to disk; trying again")]
    public static partial void RulesNotSaved(this ILogger logger, Exception exception);

    [LoggerMessage(7022, LogLevel.Error, "Alarm rules in {Path} cannot be read; waiting for the database")]
    public static partial void RuleFileUnreadable(this ILogger logger, string path, Exception exception);

    [LoggerMessage(7030, LogLevel.Warning, "{Endpoint}, deployment {DeploymentId}: {Text}")]
    public static partial void Notified(this ILogger logger, string endpoint, Guid? deploymentId, string text);

    [LoggerMessage(7031, LogLevel.Critical, "{Endpoint}, deployment {DeploymentId}: {Text}")]
    public static partial void NotifiedUrgently(this ILogger logger, string endpoint, Guid? deploymentId, string text);

    [LoggerMessage(7032, LogLevel.Critical, "Nobody could be told about {Endpoint}, deployment {DeploymentId}: {Text} ({Reason})")]
    public static partial void NotNotified(this ILogger logger, string endpoint, Guid? deploymentId, string text, string reason);

    [LoggerMessage(7033, LogLevel.Information, "Told {Target} of {Event} on {Endpoint}")]
    public static partial void Delivered(this ILogger logger, string @event, string endpoint, string target);

    [LoggerMessage(7034, LogLevel.Warning, "Storing an alarm was not rehearsed")]
    public static partial void RehearsalSkipped(this ILogger logger, Exception exception);
}
