using Npgsql;

namespace BlueGreen.Bench.Sagas.Measuring;

/// <summary>What the platform's tables say, read with SQL and nothing of the platform's own code.</summary>
internal sealed class PlatformDatabase(string connectionString) : IAsyncDisposable
{
    private static readonly string[] Schemas =
        ["orchestrator", "router", "env_manager", "prewarmer", "validator", "registry_listener", "rollback"];

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>Deployments that ended, whichever way.</summary>
    public Task<long> EndedAsync(CancellationToken ct) =>
        ScalarAsync<long>("SELECT count(*) FROM orchestrator.deployments WHERE ended_at IS NOT NULL", ct);

    /// <summary>Deployments that ended in another way than they should have.</summary>
    public Task<long> UncommittedAsync(CancellationToken ct) =>
        ScalarAsync<long>("SELECT count(*) FROM orchestrator.deployments WHERE current_state <> 'Committed'", ct);

    public Task<bool> HasEndedAsync(Guid deployment, CancellationToken ct) => ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT 1 FROM orchestrator.deployments WHERE correlation_id = '{deployment}' AND ended_at IS NOT NULL)", ct);

    /// <summary>Messages consumed: one inbox row each.</summary>
    public Task<long> ConsumedAsync(CancellationToken ct) =>
        ScalarAsync<long>($"SELECT ({string.Join(") + (", Schemas.Select(schema => $"SELECT count(*) FROM {schema}.inbox"))})", ct);

    public Task<long> CommitsAsync(CancellationToken ct) =>
        ScalarAsync<long>("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()", ct);

    /// <summary>The database's size on disk, dead rows and indexes included.</summary>
    public Task<long> BytesAsync(CancellationToken ct) => ScalarAsync<long>("SELECT pg_database_size(current_database())", ct);

    public Task<DateTime> NowAsync(CancellationToken ct) => ScalarAsync<DateTime>("SELECT clock_timestamp()", ct);

    /// <summary>From promotion to end, less the stages' own work and the waits that the policy declares; milliseconds, ascending.</summary>
    public async Task<IReadOnlyList<double>> OverheadsAsync(DateTime since, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(
            """
            SELECT (greatest(0, extract(epoch FROM ended_at - promoted_at) * 1000 - work_milliseconds - waited_milliseconds))::float8
            FROM orchestrator.deployments WHERE promoted_at >= $1 AND ended_at IS NOT NULL ORDER BY 1
            """);
        command.Parameters.AddWithValue(since);
        var overheads = new List<double>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) overheads.Add(reader.GetDouble(0));
        return overheads;
    }

    /// <summary>
    /// Forgets the deployments that only warmed the processes up, so that cost by number of deployments done begins at none. Endpoints and
    /// routes stay. Only while nothing is in flight.
    /// </summary>
    public async Task ForgetDeploymentsAsync(CancellationToken ct)
    {
        var own = Schemas.SelectMany(schema => new[] { $"{schema}.inbox", $"{schema}.outbox", $"{schema}.work_items" });
        string[] tables =
        [
            .. own, "orchestrator.deployments", "orchestrator.history", "router.switches", "env_manager.environments",
            "registry_listener.deliveries",
        ];
        await ExecuteAsync($"TRUNCATE {string.Join(", ", tables)}", ct);
        await ExecuteAsync("VACUUM ANALYZE", ct);
        await ExecuteAsync("CHECKPOINT", ct);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }
}
