using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Reverting;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Keeps what was decided, and tells the history: once per decision, however often the alarm is repeated.</summary>
internal sealed class AlarmStore(IServiceStore<RollbackDbContext> store)
{
    /// <summary>Throws when the database cannot be had.</summary>
    public async Task SaveAsync(IReadOnlyList<AlarmDecision> decisions, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        var keyed = decisions
            .Select(decision => (Key: AlarmKey.OfRecord(decision.Alarm, decision.Endpoint), Decision: decision))
            .DistinctBy(pair => pair.Key)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ToList();
        try
        {
            await SaveOnceAsync(keyed, receivedAt, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same alarm twice at the same time: the other one was first, and now its row is found.
            await SaveOnceAsync(keyed, receivedAt, cancellationToken);
        }
    }

    /// <summary>Saves a decision and takes it back.</summary>
    public Task RehearseAsync(AlarmDecision decision, DateTimeOffset receivedAt, CancellationToken cancellationToken) => store.RehearseAsync(
        (transaction, token) => SaveAsync(transaction, AlarmKey.OfRecord(decision.Alarm, decision.Endpoint), decision, receivedAt, token),
        cancellationToken);

    private Task<bool> SaveOnceAsync(
        IReadOnlyList<(string Key, AlarmDecision Decision)> keyed, DateTimeOffset receivedAt, CancellationToken cancellationToken) =>
        store.WriteAsync(async (transaction, token) =>
        {
            foreach (var (key, decision) in keyed) await SaveAsync(transaction, key, decision, receivedAt, token);
            return true;
        }, cancellationToken);

    private static async Task SaveAsync(
        ServiceTransaction<RollbackDbContext> transaction, string key, AlarmDecision decision, DateTimeOffset receivedAt,
        CancellationToken cancellationToken)
    {
        if (await AlarmRecords.UpdateAsync(transaction.Db, key, decision, receivedAt, cancellationToken))
        {
            await transaction.PublishAsync(AlarmRecords.Event(key, decision, receivedAt), cancellationToken);
            foreach (var consequence in AlarmRecords.Consequences(decision, receivedAt))
                await transaction.PublishAsync(consequence, cancellationToken);
        }

        await FollowUpAsync(transaction, key, decision, receivedAt, cancellationToken);
    }

    /// <summary>Work that is left: a rule's <c>for</c> to wait for, or routers to try again. A recovery ends it.</summary>
    private static Task FollowUpAsync(
        ServiceTransaction<RollbackDbContext> transaction, string key, AlarmDecision decision, DateTimeOffset receivedAt,
        CancellationToken cancellationToken)
    {
        if (decision.Endpoint is not { } endpoint) return Task.CompletedTask;
        var subject = ActOnAlarm.SubjectOf(decision.Alarm, endpoint);
        if (decision.Alarm.Note is not null) return Task.CompletedTask;
        if (!decision.Alarm.Firing) return transaction.Work.CancelAsync<ActOnAlarm>(subject, cancellationToken);
        if (decision.DueAt is null && decision.Outcome != LiveRevertKind.Unreachable) return Task.CompletedTask;
        var due = decision.DueAt ?? receivedAt;
        var order = new ActOnAlarm
        {
            Key = key,
            Alarm = AlarmSeries.Kept(decision.Alarm),
            Endpoint = endpoint,
            Rules = [.. decision.Rules?.Rules.Select(rule => rule.Key) ?? []],
            HeardAt = decision.HeardAt ?? receivedAt,
            DueAt = due,
        };
        // The due time of one firing is the same at each repetition: while it waits, repetitions change nothing.
        return transaction.Work.RequestAsync(order, subject, due.UtcTicks, cancellationToken);
    }
}
