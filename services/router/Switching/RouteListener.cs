using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlueGreen.Router.Switching;

/// <summary>Hears other processes' announcements on a connection of its own; without it the polls find out a little later.</summary>
internal sealed class RouteListener(
    IServiceStore<RouterDbContext> store, RouteSignals signals, RouteIntake intake, AcknowledgementBoard board, TimeProvider clock, ILogger<RouteListener> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var connection = await store.ReadAsync(
            (db, _) => Task.FromResult(db.Database.IsNpgsql() ? db.Database.GetConnectionString() : null), stoppingToken);
        if (connection is null) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(connection, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                signals.IsListening = false;
                Log.ListeningFailed(log, exception);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Not one of the pool's: whoever had it next would go on listening.
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(own.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        connection.Notification += (_, notification) => Hear(notification);
        await using (var listen = new NpgsqlCommand($"LISTEN {RouteAnnouncer.Changes}; LISTEN {ReplicaRegistry.Acknowledgements}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // What was announced before is found by one more read.
        signals.IsListening = true;
        signals.RoutesMissed();
        while (true)
        {
            // A quiet connection may be a dead one: ask now and then.
            if (await connection.WaitAsync(KeepAlive, cancellationToken)) continue;
            await using var ping = new NpgsqlCommand("SELECT 1", connection);
            await ping.ExecuteScalarAsync(cancellationToken);
        }
    }

    private void Hear(NpgsqlNotificationEventArgs notification)
    {
        if (notification.Channel == RouteAnnouncer.Changes) intake.Hear(RouteNews.Read(notification.Payload));
        else if (AcknowledgementNews.Read(notification.Payload) is { Routes: { } routes } news) board.Hear(news.Replica, routes);
        else signals.Acknowledged.Fire();
    }
}
