using BlueGreen.Platform.Work;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Reverting;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Waits until an alarm is due and then decides as the direct path does, as often as it takes until there is nothing to wait for.</summary>
internal sealed class ActOnAlarmHandler(AlarmDecisions decisions, AlarmRules rules, AlarmMemory memory, RevertDelays delays, TimeProvider clock)
    : IWorkHandler<ActOnAlarm>
{
    /// <summary>Waiting for other alarms ends after this many looks: whichever comes last decides again, and finds the others.</summary>
    private const int MostLooks = 12;

    public async Task<WorkOutcome> RunAsync(ActOnAlarm command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var due = command.DueAt;
        for (var look = 1; ; look++)
        {
            var wait = due - clock.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken);
            // It may have recovered in the meantime.
            await lease.EnsureHeldAsync(cancellationToken);
            if (MatchOf(command) is not { } match) return Tell(command, Gone(command));
            // What this rule acts together with may have been heard by another replica.
            if (match.Rules.Any(rule => rule.Rule.Together is not null)) await memory.RecallFiringAsync(cancellationToken);
            var decision = await decisions.ReconsiderAsync(command.Alarm, match, command.HeardAt);
            if (decision.Outcome == LiveRevertKind.Unreachable)
            {
                await delays.TellAsync(decision.DeploymentId ?? Guid.Empty, command.Endpoint, command.DueAt, decision.Decision, cancellationToken);
                throw new RouterUnreachableException(decision.Decision);
            }

            if (decision.DueAt is not { } later) return Tell(command, decision);
            if (look == MostLooks) return WorkOutcome.Silent;
            due = later;
        }
    }

    public WorkOutcome GiveUp(ActOnAlarm command, string reason) => Tell(
        command, new AlarmDecision { Alarm = command.Alarm, Endpoint = command.Endpoint, Decision = $"failed: {reason}" });

    private RuleMatch? MatchOf(ActOnAlarm command)
    {
        var known = rules.Of(command.Endpoint)?.Keyed.Where(rule => command.Rules.Contains(rule.Key)).ToList() ?? [];
        return known.Count == 0 ? null : new RuleMatch(command.Endpoint, known);
    }

    private static AlarmDecision Gone(ActOnAlarm command) =>
        new() { Alarm = command.Alarm, Endpoint = command.Endpoint, Decision = "ignored: the rule is gone from the policy" };

    private WorkOutcome Tell(ActOnAlarm command, AlarmDecision decision)
    {
        RollbackMetrics.Decided(decision);
        var now = clock.GetUtcNow();
        return WorkOutcome.Publish([AlarmRecords.Event(command.Key, decision, now), .. AlarmRecords.Consequences(decision, now)])
            .AndWrite<RollbackDbContext>((db, token) => AlarmRecords.UpdateAsync(db, command.Key, decision, now, token));
    }
}
