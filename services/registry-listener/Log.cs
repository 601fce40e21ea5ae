namespace BlueGreen.RegistryListener;

/// <summary>Event ids 1000–1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information,
        "Deployment {DeploymentId} to {Endpoint} promoted by delivery {DeliveryId} of {Source}")]
    public static partial void PromotionAccepted(
        this ILogger logger, Guid deploymentId, string endpoint, string deliveryId, string source);

    [LoggerMessage(1001, LogLevel.Information, "Delivery {DeliveryId} of {Source} ignored: {Reason}")]
    public static partial void PromotionIgnored(this ILogger logger, string deliveryId, string source, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "Webhook of {Source} refused with {Status}: {Field}: {Detail}")]
    public static partial void WebhookRefused(this ILogger logger, string source, int status, string field, string detail);

    [LoggerMessage(1003, LogLevel.Error, "Webhook of {Source} could not be stored; the sender was asked to try again")]
    public static partial void WebhookNotStored(this ILogger logger, string source, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "Endpoint {Endpoint} takes promotions of stage {Stage} (revision {Revision})")]
    public static partial void EndpointLearned(this ILogger logger, string endpoint, string stage, long revision);

    [LoggerMessage(1005, LogLevel.Warning, "Old deliveries could not be forgotten; trying again in an hour")]
    public static partial void RetentionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "The way of a webhook was not rehearsed")]
    public static partial void RehearsalSkipped(this ILogger logger, Exception exception);

    [LoggerMessage(1010, LogLevel.Information, "Address of {Source} confirmed to its sender")]
    public static partial void HandshakeAnswered(this ILogger logger, string source);

    [LoggerMessage(1007, LogLevel.Warning, "Webhook of {Source} turned away: too many are waiting")]
    public static partial void Overloaded(this ILogger logger, string source);

    [LoggerMessage(1008, LogLevel.Warning, "The registry could not be asked for promotions; trying again")]
    public static partial void PollFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1011, LogLevel.Warning, "The keys at {Address} could not be fetched; tokens that need them are asked to come again")]
    public static partial void SigningKeysNotFetched(this ILogger logger, Uri address, Exception exception);

    [LoggerMessage(1009, LogLevel.Warning, "The end of deployment {DeploymentId} was not told to {Source}: {Reason}")]
    public static partial void OutcomeNotReported(this ILogger logger, Guid deploymentId, string source, string reason);
}
