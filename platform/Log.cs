using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform;

/// <summary>Event ids 100–199.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "Outbox round of {Store} failed; trying again")]
    public static partial void DispatchFailed(this ILogger logger, string store, Exception exception);

    [LoggerMessage(101, LogLevel.Warning, "Message {MessageId} to {Destination} was not confirmed; it stays in the outbox")]
    public static partial void SendFailed(this ILogger logger, Guid messageId, string destination, Exception exception);

    [LoggerMessage(102, LogLevel.Error, "Sweep of {Store} failed; trying again")]
    public static partial void SweepFailed(this ILogger logger, string store, Exception exception);

    [LoggerMessage(103, LogLevel.Warning, "{Store} starts without its database; what needs it waits")]
    public static partial void StartedWithoutDatabase(this ILogger logger, string store, Exception exception);

    [LoggerMessage(104, LogLevel.Debug, "The database of {Store} still does not answer")]
    public static partial void MigrationPostponed(this ILogger logger, string store, Exception exception);

    [LoggerMessage(108, LogLevel.Warning, "{Store} waits for its database before it starts: it does not answer")]
    public static partial void WaitsForDatabase(this ILogger logger, string store, Exception exception);

    [LoggerMessage(105, LogLevel.Warning, "The rehearsal could not be asked for; trying again")]
    public static partial void RehearsalFailed(this ILogger logger, Exception exception);

    [LoggerMessage(106, LogLevel.Warning, "The rehearsal of messages could not be held; what they need is compiled when they come")]
    public static partial void RehearsalSkipped(this ILogger logger, Exception exception);

    [LoggerMessage(107, LogLevel.Debug, "The rehearsal of {Message} went no further")]
    public static partial void RehearsalStopped(this ILogger logger, string message, Exception exception);

    [LoggerMessage(126, LogLevel.Warning, "{Queue} got no consumer within {Limit}; it is tried anew on another channel")]
    public static partial void ConsumingNeverBegan(this ILogger logger, string queue, TimeSpan limit);

    [LoggerMessage(127, LogLevel.Warning, "The consumer of {Queue} was interrupted; it is begun anew")]
    public static partial void ConsumingInterrupted(this ILogger logger, string queue, Exception exception);

    [LoggerMessage(128, LogLevel.Warning, "{Destination} has confirmed nothing for {Patience} though the broker is there; messages are sent on a new connection")]
    public static partial void DispatchBusRenewed(this ILogger logger, Uri destination, TimeSpan patience);

    [LoggerMessage(129, LogLevel.Warning, "The new connection for sending could not be made; the former is kept")]
    public static partial void DispatchBusNotStarted(this ILogger logger, Exception exception);

    [LoggerMessage(130, LogLevel.Debug, "A former connection for sending could not be closed")]
    public static partial void DispatchBusNotStopped(this ILogger logger, Exception exception);

    [LoggerMessage(110, LogLevel.Error, "Work round of {Store} failed; trying again")]
    public static partial void WorkRoundFailed(this ILogger logger, string store, Exception exception);

    [LoggerMessage(111, LogLevel.Warning, "{Kind} for {Subject} failed at try {Try}; it will be tried again")]
    public static partial void WorkFailed(this ILogger logger, string kind, string subject, int @try, Exception exception);

    [LoggerMessage(112, LogLevel.Error, "{Kind} for {Subject} failed at its last try {Try}; giving up")]
    public static partial void WorkGivenUp(this ILogger logger, string kind, string subject, int @try, Exception exception);

    [LoggerMessage(113, LogLevel.Information, "{Kind} for {Subject} was stopped: {Reason}")]
    public static partial void WorkFenced(this ILogger logger, string kind, string subject, string reason);

    [LoggerMessage(114, LogLevel.Warning, "The lease of {Kind} for {Subject} could not be renewed; trying again until it runs out")]
    public static partial void RenewalFailed(this ILogger logger, string kind, string subject, Exception exception);

    [LoggerMessage(115, LogLevel.Warning, "The end of {Kind} for {Subject} could not be stored; trying again while the lease is ours")]
    public static partial void SettlingPostponed(this ILogger logger, string kind, string subject, Exception exception);

    [LoggerMessage(120, LogLevel.Error, "{MessageType} {MessageId} at {Queue} was given up; it is fault {FaultId}")]
    public static partial void MessageGivenUp(
        this ILogger logger, string messageType, Guid? messageId, string queue, Guid faultId, Exception? exception);

    [LoggerMessage(121, LogLevel.Warning, "A fault at {Queue} could not be stored yet; trying again")]
    public static partial void FaultPostponed(this ILogger logger, string queue, Exception exception);

    [LoggerMessage(122, LogLevel.Error, "The fault of message {MessageId} at {Queue} could not be stored; it goes to the side queue")]
    public static partial void FaultNotStored(this ILogger logger, string queue, Guid? messageId, Exception exception);

    [LoggerMessage(123, LogLevel.Warning, "The side queues of {Service} could not be drained; trying again")]
    public static partial void DrainFailed(this ILogger logger, string service, Exception exception);

    [LoggerMessage(124, LogLevel.Information, "{Count} messages of {Queue} are faults now")]
    public static partial void SideQueueDrained(this ILogger logger, int count, string queue);

    [LoggerMessage(126, LogLevel.Error,
        "Queue {Queue} exists with other arguments than this version declares, so nothing is consumed from it: {Conflict}. "
        + "Once it is empty, delete it (docs/operations.md says how); this service then declares it anew by itself")]
    public static partial void QueueConflicts(this ILogger logger, string queue, string conflict);

    [LoggerMessage(125, LogLevel.Warning, "{What} could not be sampled")]
    public static partial void NotSampled(this ILogger logger, string what, Exception exception);

    [LoggerMessage(133, LogLevel.Critical, "The broker answers, but {Queues} had no consumer of this process for {Patience}: {Consequence}")]
    public static partial void QueuesNotConsumed(this ILogger logger, string queues, TimeSpan patience, string consequence);

    [LoggerMessage(134, LogLevel.Debug, "The broker was not asked for consumers: {Reason}")]
    public static partial void BrokerNotAsked(this ILogger logger, string reason);

    [LoggerMessage(140, LogLevel.Warning, "{Endpoint}: the router at {Router} does not say how busy it was: {Reason}")]
    public static partial void PeakUnknown(this ILogger logger, string endpoint, Uri router, string reason);

    [LoggerMessage(141, LogLevel.Warning, "{Endpoint}: the router at {Router} does not hand out captured requests: {Reason}")]
    public static partial void CapturesUnreadable(this ILogger logger, string endpoint, Uri router, string reason);

    [LoggerMessage(142, LogLevel.Warning, "{Endpoint}: router {Router} could not be told that a replica is cold, or is warm again: {Reason}")]
    public static partial void RouterNotTold(this ILogger logger, string endpoint, Uri router, string reason);
}
