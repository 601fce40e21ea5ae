using Npgsql;

namespace BlueGreen.Platform.Persistence;

/// <summary>
/// One migration at a time of a service's schema in PostgreSQL, however many of its replicas start at once. EF Core's own lock ends with
/// each migration's transaction, while what is left to be done was read before the first: whoever waited for it would do the rest a second
/// time.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    /// <summary>Any number will do, as long as nothing else of this database takes it: "bgmi" in ASCII.</summary>
    private const int Class = 0x62676D69;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Held until disposed of or, should the process die, until the server sees its connection end: hence one outside the pool.</summary>
    public static async Task<MigrationLock> TakeAsync(string connectionString, string schema, TimeProvider clock, CancellationToken cancellationToken)
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        var connection = new NpgsqlConnection(own.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(@class, hashtext(@schema))", connection);
            command.Parameters.AddWithValue("class", Class);
            command.Parameters.AddWithValue("schema", schema);
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
