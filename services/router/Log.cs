namespace BlueGreen.Router;

internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Information, "Inference requests are taken at {Addresses}")]
    public static partial void InferenceListening(ILogger logger, string addresses);

    [LoggerMessage(6001, LogLevel.Information, "Router replica {Replica}: {Routes} routes remembered, {Vetoes} vetoes replayed")]
    public static partial void Restored(ILogger logger, string replica, int routes, int vetoes);

    [LoggerMessage(6002, LogLevel.Information, "{Endpoint}: applied epoch {Epoch} (version {Version}), live {EnvironmentId}")]
    public static partial void RouteApplied(ILogger logger, string endpoint, long epoch, long version, Guid? environmentId);

    [LoggerMessage(6003, LogLevel.Information,
        "{Endpoint}: switched at epoch {Epoch} to {EnvironmentId}, all replicas in {Milliseconds:F1} ms (confirmed: {Confirmed})")]
    public static partial void Switched(
        ILogger logger, string endpoint, long epoch, Guid environmentId, double milliseconds, bool confirmed);

    [LoggerMessage(6004, LogLevel.Warning,
        "{Endpoint}: deployment {DeploymentId} reverted (moved: {Moved}) in {Milliseconds:F1} ms, asked by {RequestedBy}: {Reason}")]
    public static partial void Reverted(
        ILogger logger, string endpoint, Guid deploymentId, bool moved, double milliseconds, string requestedBy, string reason);

    [LoggerMessage(6005, LogLevel.Warning, "{Endpoint}: revert of {DeploymentId} refused: {Refusal}")]
    public static partial void RevertRefused(ILogger logger, string endpoint, Guid deploymentId, string refusal);

    [LoggerMessage(6006, LogLevel.Information, "{Endpoint}: standby of deployment {DeploymentId} released, epoch {Epoch}")]
    public static partial void StandbyReleased(ILogger logger, string endpoint, Guid deploymentId, long epoch);

    [LoggerMessage(6007, LogLevel.Information, "{Endpoint}: veto of deployment {DeploymentId} recorded, epoch {Epoch}")]
    public static partial void VetoRecorded(ILogger logger, string endpoint, Guid deploymentId, long epoch);

    [LoggerMessage(6008, LogLevel.Warning, "Environment {EnvironmentId} is live no longer and its drain time over: {Count} requests cut off")]
    public static partial void DrainOver(ILogger logger, Guid environmentId, int count);

    [LoggerMessage(6009, LogLevel.Warning, "{Endpoint}: not switched to deployment {DeploymentId}: {Reason}")]
    public static partial void SwitchRefused(ILogger logger, string endpoint, Guid deploymentId, string reason);

    [LoggerMessage(6017, LogLevel.Warning, "{Endpoint}: requests have been held for {Milliseconds:F0} ms and nobody releases them: the preparation is ended")]
    public static partial void HoldEnded(ILogger logger, string endpoint, double milliseconds);

    [LoggerMessage(6018, LogLevel.Error, "{Endpoint}: requests are answered 503 until the database says whether its switch was made")]
    public static partial void HoldNotEnded(ILogger logger, string endpoint, Exception exception);

    [LoggerMessage(6019, LogLevel.Error,
        "Router replica {Replica} has not been heard of for {Seconds:F0} s: endpoints that serve last may answer from it with a superseded version")]
    public static partial void ReplicaSilent(ILogger logger, string replica, double seconds);

    [LoggerMessage(6010, LogLevel.Warning, "The database does not answer: routes stay as they are, reverts still work")]
    public static partial void ControlPlaneLost(ILogger logger, Exception exception);

    [LoggerMessage(6011, LogLevel.Information, "The database answers again")]
    public static partial void ControlPlaneRegained(ILogger logger);

    [LoggerMessage(6012, LogLevel.Warning, "Announcements are not heard: routes are polled for until they are")]
    public static partial void ListeningFailed(ILogger logger, Exception exception);

    [LoggerMessage(6013, LogLevel.Warning, "The replica could not be signed off: releases wait for it until it returns or is forgotten")]
    public static partial void SignOffFailed(ILogger logger, Exception exception);

    [LoggerMessage(6030, LogLevel.Warning, "What was kept of peaks in {File} cannot be read: {Reason}")]
    public static partial void PeaksNotRestored(this ILogger logger, string file, string reason);

    [LoggerMessage(6031, LogLevel.Warning, "Peaks cannot be kept in {File}: {Reason}")]
    public static partial void PeaksNotKept(this ILogger logger, string file, string reason);

    [LoggerMessage(6032, LogLevel.Warning, "Captured requests were not stored and are lost")]
    public static partial void CapturesLost(this ILogger logger, Exception exception);

    [LoggerMessage(6033, LogLevel.Warning, "What is to be captured could not be read, or what is past its time not deleted; trying again")]
    public static partial void CapturesNotKept(this ILogger logger, Exception exception);

    [LoggerMessage(6014, LogLevel.Error, "The veto of {DeploymentId} is in force but not on disk: the caller is told to repeat it")]
    public static partial void JournalFailed(ILogger logger, Guid deploymentId, Exception exception);

    [LoggerMessage(6020, LogLevel.Warning, "A line of {File} cannot be read and is left out; of a veto that was answered it would be damage. It says: {Line}")]
    public static partial void JournalLineUnreadable(ILogger logger, string file, string line);

    [LoggerMessage(6016, LogLevel.Debug, "The rehearsal of a revert failed: the first one will take a little longer")]
    public static partial void RehearsalFailed(ILogger logger, Exception exception);

    [LoggerMessage(6015, LogLevel.Warning, "The veto of {DeploymentId} is in force but not in the database yet")]
    public static partial void ReconciliationFailed(ILogger logger, Guid deploymentId, Exception exception);

    [LoggerMessage(6040, LogLevel.Information, "{Endpoint}: {Driver} follows the route at epoch {Epoch}")]
    public static partial void DriverInSync(ILogger logger, string endpoint, string driver, long epoch);

    [LoggerMessage(6041, LogLevel.Warning, "{Endpoint}: {Driver} does not follow the route: {Problem}")]
    public static partial void DriverBehind(ILogger logger, string endpoint, string driver, string problem);

    [LoggerMessage(6042, LogLevel.Error, "{Endpoint}: {Driver} was changed by somebody else and is not written over. Wanted: {Wanted} Found: {Found}")]
    public static partial void DriverDrifted(ILogger logger, string endpoint, string driver, string wanted, string found);

    [LoggerMessage(6043, LogLevel.Warning, "{Endpoint}: {Driver} had been changed by somebody else, and was written over: {Found}")]
    public static partial void DriverOverwrote(ILogger logger, string endpoint, string driver, string found);

    [LoggerMessage(6044, LogLevel.Information, "{Endpoint}: {Driver} is taken over; it said: {Found}")]
    public static partial void DriverTakesOver(ILogger logger, string endpoint, string driver, string found);

    [LoggerMessage(6045, LogLevel.Error, "{Endpoint}: looking at its load balancer failed in a way that it should not")]
    public static partial void DriverBroke(ILogger logger, string endpoint, Exception exception);

    [LoggerMessage(6046, LogLevel.Warning, "{Endpoint}: nobody could be told that its load balancer was changed by somebody else")]
    public static partial void DriverNewsNotTold(ILogger logger, string endpoint, Exception exception);

    [LoggerMessage(6047, LogLevel.Warning, "{Endpoint}: its load balancer bears no mark, and the database does not say whether it ever did: it is left alone")]
    public static partial void DriverPlaceNotKnown(ILogger logger, string endpoint, Exception exception);

    [LoggerMessage(6048, LogLevel.Debug, "{Endpoint}: that its load balancer bears a mark could not be stored; trying again")]
    public static partial void DriverPlaceNotStored(ILogger logger, string endpoint, Exception exception);

    [LoggerMessage(6050, LogLevel.Information,
        "{Endpoint}: replica {Replica} of environment {EnvironmentId} was started again and gets no requests while it is warmed, for {Limit} at most")]
    public static partial void ReplicaCold(ILogger logger, string endpoint, Guid environmentId, int replica, TimeSpan limit);

    [LoggerMessage(6051, LogLevel.Information, "{Endpoint}: replica {Replica} of environment {EnvironmentId} takes requests again")]
    public static partial void ReplicaWarm(ILogger logger, string endpoint, Guid environmentId, int replica);

    [LoggerMessage(6052, LogLevel.Error, "The routes could not be put on disk: a restart without the database would not know the newest ones; trying again")]
    public static partial void RoutesNotKept(ILogger logger, Exception exception);
}
