using BlueGreen.Platform.Work;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Reverting;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Waits until an alarm is due and then reverts as the direct path does.</summary>
internal sealed class ActOnAlarmHandler(AlarmDecisions decisions, RevertDelays delays, TimeProvider clock) : IWorkHandler<ActOnAlarm>
{
    public async Task<WorkOutcome> RunAsync(ActOnAlarm command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var wait = command.DueAt - clock.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken);
        // It may have recovered in the meantime.
        await lease.EnsureHeldAsync(cancellationToken);
        var decision = await decisions.ActAsync(command.Alarm, command.Endpoint);
        if (decision.Outcome != LiveRevertKind.Unreachable) return Tell(command, decision);
        await delays.TellAsync(decision.DeploymentId ?? Guid.Empty, command.Endpoint, command.DueAt, decision.Decision, cancellationToken);
        throw new RouterUnreachableException(decision.Decision);
    }

    public WorkOutcome GiveUp(ActOnAlarm command, string reason) => Tell(
        command, new AlarmDecision { Alarm = command.Alarm, Endpoint = command.Endpoint, Decision = $"failed: {reason}" });

    private WorkOutcome Tell(ActOnAlarm command, AlarmDecision decision)
    {
        RollbackMetrics.Decided(decision);
        var now = clock.GetUtcNow();
        var raised = AlarmRecords.Event(command.Key, decision, now);
        return WorkOutcome.Publish(AlarmRecords.Refusal(decision) is { } refusal ? [raised, refusal] : [raised])
            .AndWrite<RollbackDbContext>((db, token) => AlarmRecords.UpdateAsync(db, command.Key, decision, now, token));
    }
}
