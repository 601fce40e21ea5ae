namespace BlueGreen.Rollback.Reverting;

internal enum LiveRevertKind
{
    Reverted,
    AlreadyReverted,

    /// <summary>Nothing that was switched to can be reverted; what has not been switched to yet is to be given up.</summary>
    NotLive,

    /// <summary>It must not be reverted for this alarm; people must look.</summary>
    Paged,

    /// <summary>The routers refuse; people must look.</summary>
    Refused,

    /// <summary>No router could do it now (away, stopping, no ready standby); to be tried again.</summary>
    Unreachable,
}

/// <summary>What became of reverting an endpoint's live deployment.</summary>
/// <param name="Kind">For the code.</param>
/// <param name="DeploymentId">The deployment it is about; null when there was none.</param>
/// <param name="Decision">For people: begins with one word that says it all.</param>
internal sealed record LiveRevert(LiveRevertKind Kind, Guid? DeploymentId, string Decision)
{
    public TimeSpan Elapsed { get; init; }

    /// <summary>The same news for somebody who came while it was under way.</summary>
    public LiveRevert ForAnother() => Kind == LiveRevertKind.Reverted
        ? this with { Kind = LiveRevertKind.AlreadyReverted, Decision = "already reverted" }
        : this;
}
