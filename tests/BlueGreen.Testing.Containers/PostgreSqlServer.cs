using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Testcontainers.PostgreSql;

namespace BlueGreen.Testing.Containers;

/// <summary>A real PostgreSQL 17 with a database for each test that asks for one.</summary>
public sealed class PostgreSqlServer : ContainerServer
{
    private const int Port = 5432;
    private readonly string _password = Guid.NewGuid().ToString("N");
    private PostgreSqlContainer? _container;

    /// <summary>Npgsql connection string of the superuser to the maintenance database.</summary>
    public string ConnectionString => ConnectionStringTo("postgres");

    /// <summary>Creates an empty database; its name is <paramref name="name"/> with a suffix that makes it unique.</summary>
    /// <returns>The Npgsql connection string to it.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken ct)
    {
        var database = Unique(name);
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand($"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        await command.ExecuteNonQueryAsync(ct);
        return ConnectionStringTo(database);
    }

    /// <inheritdoc/>
    protected override IContainer Build() => _container = new PostgreSqlBuilder("postgres:17")
        .WithLogger(NullLogger.Instance)
        .WithPassword(_password)
        .WithPortBinding(HostPort.Reserve(), Port)
        // The builder turns durability off; the last word wins, and a database that forgets proves nothing about a crash.
        .WithCommand("-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on")
        .WithCommand("-c", "max_connections=300")
        .Build();

    /// <inheritdoc/>
    protected override async Task AskAsync(CancellationToken ct)
    {
        // Connections of before a restart are dead; a pool would hand them out.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false });
        await using var command = source.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync(ct);
    }

    private string ConnectionStringTo(string database)
    {
        _ = Container;
        // Many databases share one server's connections: none may keep a hundred.
        return new NpgsqlConnectionStringBuilder(_container!.GetConnectionString())
        {
            Database = database,
            MaxPoolSize = 30,
            ConnectionIdleLifetime = 30,
        }.ConnectionString;
    }
}
