using System.Globalization;
using BlueGreen.Platform.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BlueGreen.Platform.Persistence;

/// <summary>Applies provider, connection and naming to a service's context.</summary>
internal sealed class DatabaseConnection(IOptions<DatabaseOptions> database, IOptions<PlatformOptions> platform)
{
    public bool IsPostgres { get; } = database.Value.Provider == DatabaseOptions.Postgres;

    public string ConnectionString { get; } = database.Value.Provider == DatabaseOptions.Postgres
        ? PostgresConnectionString(database.Value)
        : SqliteConnectionString(database.Value, platform.Value);

    public void Configure(DbContextOptionsBuilder builder, string schema)
    {
        builder.UseSnakeCaseNamingConvention();
        // Migrations are written by hand for both providers and carry no snapshot; a test compares them with the model instead.
        builder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
        if (IsPostgres)
        {
            builder.UseNpgsql(ConnectionString, npgsql => npgsql.MigrationsHistoryTable("migrations", schema));
        }
        else
        {
            builder.UseSqlite(ConnectionString, sqlite => sqlite.MigrationsHistoryTable($"{schema}_migrations"));
            builder.AddInterceptors(SqlitePragmas.Instance);
        }
    }

    /// <summary>
    /// Every transaction sets what it needs for itself (<c>SET LOCAL</c>, locks that end with it), so a connection has nothing to be cleaned of
    /// before its next use: the seven statements that would do it cost the server more than a short transaction of ours.
    /// </summary>
    private static string PostgresConnectionString(DatabaseOptions database)
    {
        var configured = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxAutoPrepare = 100, NoResetOnClose = true };
        // What the operator has set comes last, and wins.
        var limit = string.Create(CultureInfo.InvariantCulture, $"-c idle_in_transaction_session_timeout={database.TransactionIdleLimit.TotalMilliseconds:0}");
        configured.Options = $"{limit} {configured.Options}".TrimEnd();
        return configured.ConnectionString;
    }

    private static string SqliteConnectionString(DatabaseOptions database, PlatformOptions platform)
    {
        if (database.ConnectionString.Length > 0) return database.ConnectionString;
        Directory.CreateDirectory(platform.DataDirectory);
        return new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(platform.DataDirectory, "bluegreen.db"),
        }.ConnectionString;
    }

    /// <summary>
    /// SQLite's own busy handler waits in milliseconds; the ADO.NET provider's would sleep 150 ms a time.
    /// FULL: a commit is on disk before a webhook is acknowledged.
    /// </summary>
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;";
        public static readonly SqlitePragmas Instance = new();

        public override void ConnectionOpened(System.Data.Common.DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(
            System.Data.Common.DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
