using Microsoft.Data.Sqlite;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Platform.Faults;

/// <summary>
/// Tells a database or broker that is away, or busy, from a mistake. Only mistakes use tries up: for the rest the remedy is to wait.
/// </summary>
internal static class Outage
{
    /// <summary>SQLITE_BUSY, _LOCKED, _IOERR, _FULL, _CANTOPEN (https://www.sqlite.org/rescode.html).</summary>
    private static readonly HashSet<int> SqliteCodes = [5, 6, 10, 13, 14];

    /// <summary>
    /// Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, authorisation, rollback
    /// (serialisation, deadlock), resources, operator intervention, system; no such database; lock not available; a standby that is read-only;
    /// a transaction that the server ended because this process was stopped in it.
    /// </summary>
    private static readonly string[] PostgresCodes = ["08", "25P03", "28", "40", "53", "57", "58", "3D000", "55P03", "25006"];

    /// <summary>True where database or broker are the cause, however deep in the chain.</summary>
    public static bool IsCauseOf(Exception? exception) => exception switch
    {
        null => false,
        PostgresException postgres => PostgresCodes.Any(code => postgres.SqlState.StartsWith(code, StringComparison.Ordinal)),
        // Two commands at once on one connection are somebody's mistake.
        NpgsqlOperationInProgressException => false,
        NpgsqlException => true,
        SqliteException sqlite => SqliteCodes.Contains(sqlite.SqliteErrorCode),
        OutageException => true,
        BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or MassTransit.ConnectionException => true,
        AggregateException several => several.InnerExceptions.Any(IsCauseOf),
        _ => IsCauseOf(exception.InnerException),
    };

    /// <summary>Tries again for as long as an outage is in the way; whatever else goes wrong is the caller's.</summary>
    /// <param name="attempt">What is to be done; done again from its beginning.</param>
    /// <param name="postponed">Told of every outage, before the pause.</param>
    /// <param name="clock">Measures the pauses.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<T> OutlastAsync<T>(
        Func<CancellationToken, Task<T>> attempt, Action<Exception> postponed, TimeProvider clock, CancellationToken cancellationToken)
    {
        for (var looks = 0; ; looks++)
        {
            try
            {
                return await attempt(cancellationToken);
            }
            catch (Exception exception) when (IsCauseOf(exception) && !cancellationToken.IsCancellationRequested)
            {
                postponed(exception);
                await Task.Delay(Pause(looks), clock, cancellationToken);
            }
        }
    }

    /// <summary>How long to wait before the next look: a quarter of a second at first, two at most.</summary>
    public static TimeSpan Pause(int looks) => TimeSpan.FromMilliseconds(Math.Min(2000, 250 * Math.Pow(2, Math.Min(looks, 3))));
}
