using BlueGreen.Contracts;

namespace BlueGreen.Validator;

/// <summary>Event ids 5000 to 5999.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "{Endpoint}: gate {Gate} {Verdict}: {Summary}")]
    public static partial void GateJudged(this ILogger logger, string endpoint, string gate, Verdict verdict, string summary);

    [LoggerMessage(5001, LogLevel.Warning, "{Endpoint}: validation for deployment {DeploymentId} failed: {Reason}")]
    public static partial void ValidationFailed(this ILogger logger, string endpoint, Guid deploymentId, string reason);

    [LoggerMessage(5002, LogLevel.Information, "The evidence of {Judgements} validations is past its time or size and was deleted")]
    public static partial void EvidenceSwept(this ILogger logger, int judgements);

    [LoggerMessage(5003, LogLevel.Warning, "Old evidence could not be deleted")]
    public static partial void EvidenceNotSwept(this ILogger logger, Exception fault);

    [LoggerMessage(5004, LogLevel.Information, "What {Bakes} bakes saw is past its time or size and was deleted")]
    public static partial void BakesSwept(this ILogger logger, int bakes);

    [LoggerMessage(5100, LogLevel.Information, "{Endpoint}: bake of deployment {DeploymentId} passed after {Looks} looks")]
    public static partial void BakePassed(this ILogger logger, string endpoint, Guid deploymentId, int looks);

    [LoggerMessage(5101, LogLevel.Warning, "{Endpoint}: bake of deployment {DeploymentId} failed: {Reason}")]
    public static partial void BakeFailed(this ILogger logger, string endpoint, Guid deploymentId, string reason);

    [LoggerMessage(5102, LogLevel.Warning, "{Endpoint}: bake of deployment {DeploymentId} is inconclusive: {Reason}")]
    public static partial void BakeInconclusive(this ILogger logger, string endpoint, Guid deploymentId, string reason);

    [LoggerMessage(5103, LogLevel.Warning, "{Endpoint}: the windows of router {Router} cannot be read: {Reason}")]
    public static partial void RouterUnreadable(this ILogger logger, string endpoint, Uri router, string reason);

    [LoggerMessage(5104, LogLevel.Error, "{Endpoint}: blue is not whole while deployment {DeploymentId} bakes: {Summary}")]
    public static partial void BlueNotReady(this ILogger logger, string endpoint, Guid deploymentId, string summary);

    [LoggerMessage(5105, LogLevel.Warning, "{Endpoint}: blue could not be watched while deployment {DeploymentId} bakes")]
    public static partial void BlueNotWatched(this ILogger logger, string endpoint, Guid deploymentId, Exception fault);

    [LoggerMessage(5106, LogLevel.Warning, "{Endpoint}: what the bake of deployment {DeploymentId} has seen could not be kept or read")]
    public static partial void BakeNotKept(this ILogger logger, string endpoint, Guid deploymentId, Exception fault);
}
