using Npgsql;

namespace BlueGreen.Platform.Persistence;

/// <summary>
/// One migration at a time within a PostgreSQL database, however many replicas start at once. EF Core's own lock ends with each migration's
/// transaction, while what is left to be done was read before the first: whoever waited for it would do the rest a second time.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    /// <summary>Any number will do, as long as nothing else of this database takes it: "bgmigrat" in ASCII.</summary>
    private const long Key = 0x62676D6967726174;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Held until disposed of or, should the process die, until the server sees its connection end: hence one outside the pool.</summary>
    public static async Task<MigrationLock> TakeAsync(string connectionString, TimeProvider clock, CancellationToken cancellationToken)
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var connection = new NpgsqlConnection(own.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(@key)", connection);
            command.Parameters.AddWithValue("key", Key);
            while (await command.ExecuteScalarAsync(cancellationToken) is not true) await Task.Delay(Pause, clock, cancellationToken);
            return new MigrationLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
