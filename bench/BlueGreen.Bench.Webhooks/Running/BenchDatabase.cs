using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Bench.Webhooks.Running;

/// <summary>Databases for listeners, with as many connections as one would be given in production.</summary>
internal static class BenchDatabase
{
    public static async Task<string> CreateAsync(PostgreSqlServer postgres, string name, CancellationToken ct) =>
        new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(name, ct)) { MaxPoolSize = 10 }.ConnectionString;
}
