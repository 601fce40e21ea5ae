using BlueGreen.Contracts;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Reverting;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Decisions as rows and as messages.</summary>
internal static class AlarmRecords
{
    /// <summary>Writes the decision to the alarm's row.</summary>
    /// <returns>False when this very decision was there: a repetition, which is only counted.</returns>
    public static async Task<bool> UpdateAsync(
        RollbackDbContext db, string key, AlarmDecision decision, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var row = await db.Alarms.FindAsync([key], cancellationToken);
        var isKnown = row is not null && (row.Decision == decision.Decision || IsRepeatedRevert(row, decision));
        row ??= db.Alarms.Add(NewRow(key, decision, receivedAt)).Entity;
        row.Times++;
        row.LastReceivedAt = receivedAt;
        // An acknowledgement and the like say nothing of whether it fires.
        if (decision.Alarm.Note is null or FiringAlarms.Ended) row.IsFiring = decision.Alarm.Firing;
        // Of a recovery: when it ended.
        if (decision is { Alarm.Note: null, Rules: not null }) row.Series = AlarmSeries.Write(decision.Alarm, decision.Rules);
        if (isKnown) return false;
        row.Decision = decision.Decision;
        row.DeploymentId = decision.DeploymentId;
        if (decision.Outcome is LiveRevertKind.Reverted or LiveRevertKind.AlreadyReverted) row.RevertedDeploymentId = decision.DeploymentId;
        return true;
    }

    /// <summary>What the history is told.</summary>
    public static AlarmRaised Event(string key, AlarmDecision decision, DateTimeOffset receivedAt) => new()
    {
        AlarmId = AlarmKey.AlarmId(key),
        Source = decision.Alarm.Source,
        Name = StorableText.Of(decision.Alarm.Name),
        Endpoint = decision.Endpoint,
        DeploymentId = decision.DeploymentId,
        Decision = decision.Decision,
        ReceivedAt = receivedAt,
        Labels = StorableText.Of(decision.Alarm.Labels),
        StartsAt = decision.Alarm.StartsAt,
        Inputs = decision.Inputs,
    };

    /// <summary>
    /// What follows from the decision: people are told when the routers refused or must not be asked, and what is not live is given up.
    /// </summary>
    public static IEnumerable<object> Consequences(AlarmDecision decision, DateTimeOffset receivedAt)
    {
        if (decision is { LeftOut: > 0, Endpoint: { } endpoint })
        {
            yield return new AttentionRequired
            {
                Endpoint = endpoint,
                DeploymentId = decision.DeploymentId,
                Reason = $"{StorableText.Of(decision.Alarm.Source)} left {decision.LeftOut} alarms out of a request about {StorableText.Of(decision.Alarm.Name)}: " +
                    "they are not known here. Raise max_alerts of its webhook receiver",
                At = receivedAt,
            };
        }

        switch (decision)
        {
            case { Outcome: LiveRevertKind.Refused, DeploymentId: { } deployment }:
                yield return new RevertRefused { DeploymentId = deployment, Endpoint = decision.Endpoint!, Reason = decision.Decision };
                break;
            case { Outcome: LiveRevertKind.Paged }:
                yield return new AttentionRequired
                {
                    Endpoint = decision.Endpoint!,
                    DeploymentId = decision.DeploymentId,
                    Reason = $"{AlarmDecisions.ReasonOf(decision.Alarm)} ({decision.Decision})",
                    At = receivedAt,
                };
                break;
            case { Outcome: LiveRevertKind.NotLive }:
                yield return new DeploymentAbortRequested
                {
                    Endpoint = decision.Endpoint!,
                    Reason = AlarmDecisions.ReasonOf(decision.Alarm),
                    RequestedBy = $"alarm:{decision.Alarm.Source}",
                    RaisedAt = receivedAt,
                };
                break;
        }
    }

    private static bool IsRepeatedRevert(AlarmRow row, AlarmDecision decision) =>
        decision.Outcome == LiveRevertKind.AlreadyReverted && row.RevertedDeploymentId == decision.DeploymentId;

    private static AlarmRow NewRow(string key, AlarmDecision decision, DateTimeOffset receivedAt) => new()
    {
        Key = key,
        Source = decision.Alarm.Source,
        Name = StorableText.Of(decision.Alarm.Name),
        Endpoint = decision.Endpoint,
        Decision = "",
        FirstReceivedAt = receivedAt,
        LastReceivedAt = receivedAt,
        Times = 0,
        Series = AlarmSeries.Write(decision.Alarm, decision.Rules),
    };
}
