using BlueGreen.Platform.Http;
using BlueGreen.Router.Drivers;

namespace BlueGreen.Router.Reverting;

/// <summary>Body of <c>POST /routes/{endpoint}/revert</c>.</summary>
public sealed record RevertRequest
{
    public Guid? DeploymentId { get; init; }

    /// <summary>For the history, at most 1,024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>A person, or the component that decided; at most 256 characters.</summary>
    public string? RequestedBy { get; init; }
}

/// <summary>Answer of <c>POST /routes/{endpoint}/revert</c>.</summary>
public sealed record RevertResponse
{
    public required string Endpoint { get; init; }
    public required Guid DeploymentId { get; init; }

    /// <summary>This call moved the traffic; false also when the veto came before the switch.</summary>
    public required bool Moved { get; init; }
    public required bool AlreadyReverted { get; init; }
    public required string Epoch { get; init; }
    public required Guid? LiveEnvironmentId { get; init; }
    public required DateTimeOffset RevertedAt { get; init; }
    public required double ElapsedMilliseconds { get; init; }
}

/// <summary><c>POST /routes/{endpoint}/revert</c>.</summary>
internal static class RevertEndpoint
{
    private const int MostReasonCharacters = 1024;
    private const int MostNameCharacters = 256;
    private const int TransientRetrySeconds = 1;

    /// <summary>Shorter than the rollback service waits for an answer.</summary>
    private static readonly TimeSpan DriverLimit = TimeSpan.FromSeconds(1.5);

    public static async Task<IResult> HandleAsync(
        string endpoint, RevertRequest body, HttpContext context, RevertService reverts, DriverKeeper keeper, ILogger<RevertService> log)
    {
        if (body.DeploymentId is not { } deploymentId || deploymentId == Guid.Empty)
            return ProblemResults.Invalid(422, "deploymentId", "Name the deployment to revert by its id, a non-zero GUID.");
        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > MostReasonCharacters)
            return ProblemResults.Invalid(422, "reason", $"Say why, in 1 to {MostReasonCharacters} characters.");
        if (string.IsNullOrWhiteSpace(body.RequestedBy) || body.RequestedBy.Length > MostNameCharacters)
            return ProblemResults.Invalid(422, "requestedBy", $"Say who asks, in 1 to {MostNameCharacters} characters.");

        var outcome = await reverts.RevertAsync(endpoint, deploymentId, body.Reason, body.RequestedBy, context.RequestAborted);
        if (outcome.Refusal is { } refusal)
        {
            Log.RevertRefused(log, endpoint, deploymentId, refusal.ToString());
            return Refused(refusal, endpoint, context);
        }

        if (await ObstacleAsync(outcome, keeper, context.RequestAborted) is { } obstacle)
            return ProblemResults.Unavailable(context, obstacle, TransientRetrySeconds);

        return outcome.IsStored
            ? TypedResults.Ok(Response(endpoint, deploymentId, outcome))
            : ProblemResults.Unavailable(
                context, "The revert is in force on this replica but could not be written to its disk. Repeat the call: repetition is harmless.", 1);
    }

    /// <summary>Where clients call a load balancer, the way back is made when that has made it.</summary>
    private static async Task<string?> ObstacleAsync(RevertOutcome outcome, DriverKeeper keeper, CancellationToken cancellationToken)
    {
        if (outcome.Entry is not { Live: { } live, State: { Settings.Traffic.Driver: not null } state }) return null;
        var status = await keeper.FollowAsync(state.Endpoint, state.Version, live.DeploymentId, DriverLimit, cancellationToken);
        return status?.Follows(state.Version, live.DeploymentId) == true
            ? null
            : $"The revert is in force on this replica, but the load balancer that clients call has not followed it: {status?.Problem ?? "it did not answer in time"}. "
                + "It is tried until it does. Repeat the call.";
    }

    private static RevertResponse Response(string endpoint, Guid deploymentId, RevertOutcome outcome) => new()
    {
        Endpoint = endpoint,
        DeploymentId = deploymentId,
        Moved = outcome.Moved,
        AlreadyReverted = outcome.AlreadyReverted,
        Epoch = outcome.Entry!.EpochText,
        LiveEnvironmentId = outcome.Entry.Live?.EnvironmentId,
        RevertedAt = outcome.RevertedAt,
        ElapsedMilliseconds = outcome.Elapsed.TotalMilliseconds,
    };

    /// <summary>409 is final; 503 is what may pass: callers must not give up on it, or one restart at the wrong time leaves a bad version live.</summary>
    private static IResult Refused(RevertRefusal refusal, string endpoint, HttpContext context) => refusal switch
    {
        RevertRefusal.UnknownEndpoint => ProblemResults.NotFound($"There is no route for endpoint '{endpoint}'."),
        RevertRefusal.NoStandby => ProblemResults.Conflict(
            "There is nothing to go back to: the live environment is the endpoint's first, or its standby was reverted itself."),
        RevertRefusal.NoReadyStandby => ProblemResults.Unavailable(
            context, "No replica of the standby environment is ready: traffic stays where it is answered at all. Repeat the call.",
            TransientRetrySeconds),
        RevertRefusal.Committed => ProblemResults.Conflict(
            "The deployment is committed and its standby released: promote the version that is to serve instead."),
        RevertRefusal.Releasing => ProblemResults.Unavailable(
            context, "The deployment's standby is being released. Repeat the call: a release that is withdrawn can be reverted, one that is made says 409.",
            TransientRetrySeconds),
        _ => ProblemResults.Unavailable(
            context,
            "This router replica is stopping, or has not reached the database for so long that the standby may be gone. Ask another replica, "
            + "or repeat the call.",
            TransientRetrySeconds),
    };
}
