using BlueGreen.Platform.Faults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BlueGreen.Platform.Persistence;

/// <summary>
/// Brings one service's tables up to date before anything of the host starts. A server that is away, or goes away half-way, is waited for:
/// before the start, or beside it for a service that has something to do meanwhile. A migration is one transaction, so that one which was
/// interrupted, by the server's death or by this process's own, begins anew.
/// </summary>
internal sealed class DatabaseMigrator<TDb>(
    IServiceScopeFactory scopes,
    DatabaseConnection connection,
    DatabaseNeed<TDb> need,
    MigrationTurn turn,
    TimeProvider clock,
    ILogger<DatabaseMigrator<TDb>> log) : IHostedLifecycleService, IDisposable where TDb : ServiceDbContext
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _later = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!connection.IsPostgres || need.IsNeededToStart)
        {
            await PatientlyAsync(exception => log.WaitsForDatabase(typeof(TDb).Name, exception), cancellationToken);
            return;
        }

        try
        {
            await MigrateAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            log.StartedWithoutDatabase(typeof(TDb).Name, exception);
            _later = MigrateLaterAsync(_stopping.Token);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host whose start failed may be disposed of before it is stopped.
        if (_later.IsCompleted) return;
        await _stopping.CancelAsync();
        await _later;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task MigrateLaterAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Outage.Pause(looks: 2), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await MigrateAsync(stopping);
                return;
            }
            catch (Exception exception)
            {
                log.MigrationPostponed(typeof(TDb).Name, exception);
            }
        }
    }

    private Task<bool> PatientlyAsync(Action<Exception> postponed, CancellationToken cancellationToken) => Outage.OutlastAsync(async token =>
    {
        await MigrateAsync(token);
        return true;
    }, postponed, clock, cancellationToken);

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        using var _ = await turn.TakeAsync(cancellationToken);
        if (!connection.IsPostgres)
        {
            await PrepareSqliteAsync(db, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            return;
        }

        await CreateDatabaseAsync(db, cancellationToken);
        await using var alone = await MigrationLock.TakeAsync(connection.ConnectionString, db.Schema, clock, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>The lock is in the database, so there has to be one. Of several that create it at once, one does.</summary>
    private static async Task CreateDatabaseAsync(TDb db, CancellationToken cancellationToken)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(cancellationToken)) return;
        try
        {
            await creator.CreateAsync(cancellationToken);
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
        }
    }

    /// <summary>
    /// EF Core takes its SQLite migration lock as a table row, which a killed process leaves behind for ever. The file has one process
    /// (<see cref="MigrationTurn"/>), so a row found here belongs to nobody.
    /// </summary>
    private static async Task PrepareSqliteAsync(TDb db, CancellationToken cancellationToken)
    {
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
    }
}

/// <summary>Whether the host may start while the database server does not answer.</summary>
internal sealed record DatabaseNeed<TDb>(bool IsNeededToStart) where TDb : ServiceDbContext;

/// <summary>One migration at a time within the process: SQLite contexts share a file.</summary>
internal sealed class MigrationTurn : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Release(_turn);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Release(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
