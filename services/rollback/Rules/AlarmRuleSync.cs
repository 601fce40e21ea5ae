using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Rules;

/// <summary>
/// Reads the rules from the database now and then, for what another replica of this service consumed, and keeps the copy on disk up to date.
/// </summary>
internal sealed class AlarmRuleSync(
    AlarmRules rules,
    AlarmRuleFile file,
    IServiceStore<RollbackDbContext> store,
    IOptionsMonitor<RollbackOptions> options,
    TimeProvider clock,
    ILogger<AlarmRuleSync> log) : BackgroundService
{
    private bool _isUnsaved;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await ReadAsync(stoppingToken);
                await SaveAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rows = await store.ReadAsync((db, token) => db.Endpoints.ToListAsync(token), cancellationToken);
            foreach (var row in rows) rules.Learn(row.Read());
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.RulesNotRead(exception.Message);
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        while (rules.Changed.Wait(0, CancellationToken.None)) _isUnsaved = true;
        if (!_isUnsaved) return;
        try
        {
            await file.SaveAsync(rules.All, cancellationToken);
            _isUnsaved = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.RulesNotSaved(exception);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.CurrentValue.RulesInterval, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await rules.Changed.WaitAsync(either.Token);
            _isUnsaved = true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look at the database.
        }
    }
}
