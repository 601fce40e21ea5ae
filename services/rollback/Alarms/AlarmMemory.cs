using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Alarms;

/// <summary>Recalls at start which firings have acted, and forgets old alarms.</summary>
internal sealed class AlarmMemory(
    IServiceStore<RollbackDbContext> store,
    ActedAlarms acted,
    FiringAlarms firing,
    AlarmRules rules,
    IOptionsMonitor<RollbackOptions> options,
    TimeProvider clock,
    ILogger<AlarmMemory> log) : BackgroundService
{
    private const int Recalled = 10_000;
    private const int FiringRecalled = 2_000;
    private bool _hasRecalled;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do await SweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    /// <summary>Takes up again which alarms fire, also those that another replica heard of. Throws when the database cannot be had.</summary>
    public async Task RecallFiringAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync(
            (db, token) => db.Alarms.Where(row => row.Endpoint != null).OrderByDescending(row => row.LastReceivedAt).Take(FiringRecalled)
                .Select(row => new { row.Series, row.IsFiring, row.FirstReceivedAt, row.LastReceivedAt }).ToListAsync(token),
            cancellationToken);
        // In the order they were heard in, so that an end comes after its beginning.
        foreach (var row in Enumerable.Reverse(rows))
        {
            if (AlarmSeries.Read(row.Series) is not { Endpoint: { } endpoint, Alarm: { Identity: not null, Note: null } alarm } known) continue;
            var matching = rules.Of(endpoint)?.Keyed.Where(rule => known.Rules.Contains(rule.Key)).ToList() ?? [];
            if (matching.Count == 0) continue;
            firing.Recall(alarm with { Firing = row.IsFiring }, new RuleMatch(endpoint, matching), row.FirstReceivedAt, row.LastReceivedAt);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var horizon = clock.GetUtcNow() - options.CurrentValue.AlarmRetention;
        try
        {
            var known = await store.ReadAsync(
                (db, token) => db.Alarms.Where(row => row.RevertedDeploymentId != null)
                    .OrderByDescending(row => row.LastReceivedAt).Take(Recalled)
                    .Select(row => new { row.Key, Deployment = row.RevertedDeploymentId!.Value }).ToListAsync(token),
                cancellationToken);
            foreach (var alarm in known) acted.Remember(alarm.Key, alarm.Deployment);
            if (!_hasRecalled)
            {
                // The rules may be in the database only: without them nothing is recalled.
                foreach (var row in await store.ReadAsync((db, token) => db.Endpoints.ToListAsync(token), cancellationToken)) rules.Learn(row.Read());
                await RecallFiringAsync(cancellationToken);
            }

            _hasRecalled = true;
            await store.WriteAsync(
                (transaction, token) => transaction.Db.Alarms.Where(row => row.LastReceivedAt < horizon).ExecuteDeleteAsync(token),
                cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.AlarmMemoryFailed(exception);
        }
    }
}
