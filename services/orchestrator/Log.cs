using BlueGreen.Orchestrator.Endpoints;

namespace BlueGreen.Orchestrator;

/// <summary>Event ids 2000–2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Policy of endpoint {Endpoint} from {Path}: {Change}, revision {Revision}")]
    public static partial void PolicyApplied(this ILogger logger, string endpoint, long revision, string path, EndpointChange change);

    [LoggerMessage(2002, LogLevel.Warning, "The saga was not rehearsed")]
    public static partial void RehearsalSkipped(this ILogger logger, Exception exception);

    [LoggerMessage(2001, LogLevel.Warning, "The endpoints could not be announced; trying again")]
    public static partial void AnnouncementFailed(this ILogger logger, Exception exception);

    [LoggerMessage(2004, LogLevel.Information, "Hook {Hook} of deployment {DeploymentId} ({When}): {Verdict}, {Detail}")]
    public static partial void HookAnswered(this ILogger logger, string hook, Guid deploymentId, string when, string verdict, string detail);

    [LoggerMessage(2005, LogLevel.Warning, "Settled faults could not be forgotten; trying again in an hour")]
    public static partial void FaultsNotForgotten(this ILogger logger, Exception exception);
}
