using System.Diagnostics;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;

namespace BlueGreen.Router.Reverting;

/// <summary>
/// The direct way back. Needs this process, its disk and one ready standby replica: no database, no bus, no saga. First the traffic
/// moves, then the veto is put on disk, then the caller is answered; the database learns of it afterwards (<see cref="VetoReconciler"/>).
/// </summary>
internal sealed class RevertService(
    RoutingTable table,
    StandbyProbe probe,
    VetoJournal journal,
    VetoReconciler reconciler,
    ReplicaStanding standing,
    RouterMetrics metrics,
    TimeProvider clock,
    ILogger<RevertService> log)
{
    public async Task<RevertOutcome> RevertAsync(
        string endpoint, Guid deploymentId, string reason, string requestedBy, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var span = PlatformTelemetry.Source.StartActivity("revert");
        span?.SetTag("bluegreen.endpoint", endpoint).SetTag("bluegreen.deployment", deploymentId);
        var decision = table.Revert(endpoint, deploymentId, flip: false);
        if (decision.Verdict is RevertVerdict.Flip or RevertVerdict.VetoOnly && !standing.MayRevert)
            return RevertOutcome.Refused(RevertRefusal.NotInStanding, decision.Entry);
        if (decision.Verdict == RevertVerdict.Flip && !await probe.IsAnyReadyAsync(decision.Entry!.Standby!, cancellationToken))
            return RevertOutcome.Refused(RevertRefusal.NoReadyStandby, decision.Entry);

        // From here on nobody's cancellation counts: a revert is carried out whole.
        decision = table.Revert(endpoint, deploymentId, flip: true);
        if (RevertOutcome.RefusalOf(decision.Verdict) is { } refusal) return RevertOutcome.Refused(refusal, decision.Entry);
        var veto = new Veto
        {
            DeploymentId = deploymentId,
            Endpoint = endpoint,
            Reason = reason,
            RequestedBy = requestedBy,
            RevertedAt = clock.GetUtcNow(),
            TraceParent = Activity.Current?.Id,
        };
        var isStored = await StoreAsync(decision, veto);
        var outcome = RevertOutcome.Done(decision, RevertedAt(decision.Entry!, veto), clock.GetElapsedTime(started), isStored);
        metrics.Reverted(endpoint, outcome);
        if (!outcome.AlreadyReverted) Log.Reverted(log, endpoint, deploymentId, outcome.Moved, outcome.Elapsed.TotalMilliseconds, requestedBy, reason);
        return outcome;
    }

    private async Task<bool> StoreAsync(RevertDecision decision, Veto veto)
    {
        var isKnown = decision.Entry!.State.IsVetoed(veto.DeploymentId);
        if (decision.Verdict == RevertVerdict.AlreadyReverted && isKnown) return true;
        try
        {
            await journal.AppendAsync(veto);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.JournalFailed(log, veto.DeploymentId, exception);
            return false;
        }
        finally
        {
            reconciler.Wake();
        }
    }

    private DateTimeOffset RevertedAt(RouteEntry entry, Veto veto) =>
        entry.State.Vetoed.FirstOrDefault(known => known.DeploymentId == veto.DeploymentId)?.RevertedAt
        ?? journal.Find(veto.DeploymentId)?.RevertedAt
        ?? veto.RevertedAt;
}
