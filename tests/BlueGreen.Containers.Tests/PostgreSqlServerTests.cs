using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Containers.Tests;

public sealed class PostgreSqlServerTests(PostgreSqlServer server, ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoDatabasesOfOneName_SeeNothingOfEachOther()
    {
        await using var first = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("orders", Ct));
        await using var second = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("orders", Ct));

        await ExecuteAsync(first, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");

        Assert.Equal(1L, await ScalarAsync(first, "SELECT count(*) FROM t"));
        Assert.Equal(DBNull.Value, await ScalarAsync(second, "SELECT to_regclass('t')::text"));
        output.WriteLine($"started in {server.StartedIn.TotalSeconds:0.0} s");
    }

    [Theory]
    [InlineData("fsync", "on")]
    [InlineData("full_page_writes", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("max_connections", "300")]
    public async Task Server_IsDurableAndRoomy(string setting, string expected)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);

        Assert.Equal(expected, await ScalarAsync(source, $"SHOW {setting}"));
    }

    [Fact]
    public async Task Restarted_KeepsAddressAndData()
    {
        var connectionString = await server.CreateDatabaseAsync("kept", Ct);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await ExecuteAsync(source, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");

        await server.StopAsync(Ct);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(source, "SELECT 1"));
        await server.StartAsync(Ct);

        source.Clear();
        Assert.Equal(1L, await ScalarAsync(source, "SELECT count(*) FROM t"));
        output.WriteLine($"restarted in {server.StartedIn.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Killed_KeepsWhatWasCommitted()
    {
        await using var source = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("killed", Ct));
        await ExecuteAsync(source, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");

        await server.KillAsync(Ct);
        await server.StartAsync(Ct);

        source.Clear();
        Assert.Equal(1L, await ScalarAsync(source, "SELECT count(*) FROM t"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }
}
