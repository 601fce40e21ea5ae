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
    };

    /// <summary>What people are told when the routers refused; null when they did not.</summary>
    public static RevertRefused? Refusal(AlarmDecision decision) =>
        decision is { Outcome: LiveRevertKind.Refused, DeploymentId: { } deployment }
            ? new RevertRefused { DeploymentId = deployment, Endpoint = decision.Endpoint!, Reason = decision.Decision }
            : null;

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
    };
}
