using System.Text.Json;
using BlueGreen.Testing.Processes;
using Npgsql;

namespace BlueGreen.Chaos.Evidence;

/// <summary>Reads the services' schemas with plain SQL, around all of the platform's own code.</summary>
internal sealed class DatabaseReader(NpgsqlDataSource source)
{
    public Task<List<DeploymentFact>> DeploymentsAsync(CancellationToken ct) => ReadAsync(
        "SELECT correlation_id, endpoint, version, current_state, environment_id, reason, switch_epoch, gates FROM orchestrator.deployments",
        row => new DeploymentFact(
            row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetGuid(4), Text(row, 5),
            row.IsDBNull(6) ? null : row.GetInt64(6), Verdicts(row.GetString(7))), ct);

    public Task<List<SwitchFact>> SwitchesAsync(CancellationToken ct) => ReadAsync(
        "SELECT deployment_id, endpoint, environment_id, epoch, switched_at, committed_at FROM router.switches",
        row => new SwitchFact(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetInt64(3), Time(row, 4)!.Value, Time(row, 5)), ct);

    public Task<List<VetoFact>> VetoesAsync(CancellationToken ct) => ReadAsync(
        "SELECT deployment_id, endpoint, reverted_at FROM router.vetoes",
        row => new VetoFact(row.GetGuid(0), row.GetString(1), Time(row, 2)!.Value), ct);

    public Task<List<RouteFact>> RoutesAsync(CancellationToken ct) => ReadAsync(
        """
        SELECT r.endpoint, r.epoch, r.live, r.standby, o.live_environment_id, e.live_environment_id
        FROM router.routes r
        LEFT JOIN orchestrator.endpoints o ON o.name = r.endpoint
        LEFT JOIN env_manager.routes e ON e.endpoint = r.endpoint
        """,
        row => new RouteFact(row.GetString(0), row.GetInt64(1), Target(Text(row, 2)), Target(Text(row, 3)), Id(row, 4), Id(row, 5)), ct);

    public Task<List<HistoryFact>> HistoryAsync(CancellationToken ct) => ReadAsync(
        "SELECT sequence, kind, deployment_id, endpoint, state, summary, data FROM orchestrator.history ORDER BY sequence",
        row => new HistoryFact(row.GetInt64(0), row.GetString(1), Id(row, 2), Text(row, 3), Text(row, 4), row.GetString(5), Epoch(Text(row, 6))), ct);

    public Task<List<EnvironmentFact>> EnvironmentsAsync(CancellationToken ct) => ReadAsync(
        "SELECT id, deployment_id, endpoint, state, expires_at FROM env_manager.environments",
        row => new EnvironmentFact(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), Time(row, 4)), ct);

    public Task<List<DecisionFact>> DecisionsAsync(CancellationToken ct) => ReadAsync(
        "SELECT name, decision FROM rollback.alarms", row => new DecisionFact(row.GetString(0), row.GetString(1)), ct);

    public Task<List<FaultFact>> FaultsAsync(CancellationToken ct) => ReadAsync(
        "SELECT service, message_type, deployment_id, state, exception_message FROM orchestrator.faults",
        row => new FaultFact(row.GetString(0), row.GetString(1), Id(row, 2), row.GetString(3), row.GetString(4)), ct);

    /// <summary>Outbox rows that are due (and not sent) and work items that are neither done nor waiting for their time.</summary>
    public async Task<IReadOnlyDictionary<string, long>> BacklogAsync(CancellationToken ct)
    {
        var backlog = new Dictionary<string, long>();
        foreach (var schema in ServiceProgram.All.Select(service => service.Name.Replace('-', '_')))
        {
            var counts = await ReadAsync(
                $"""
                SELECT (SELECT count(*) FROM {schema}.outbox WHERE due_at <= now() AND sent_at IS NULL),
                       (SELECT count(*) FROM {schema}.work_items WHERE state <> 'Done' AND due_at <= now())
                """,
                row => (Outbox: row.GetInt64(0), Work: row.GetInt64(1)), ct);
            backlog[$"{schema}.outbox"] = counts[0].Outbox;
            backlog[$"{schema}.work_items"] = counts[0].Work;
        }

        return backlog;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static Guid? Id(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static Guid? Target(string? json) => json is null or "null" ? null : Member(JsonElement.Parse(json), "environmentId")?.GetGuid();

    private static long? Epoch(string? json) =>
        json is not null && JsonElement.Parse(json) is { ValueKind: JsonValueKind.Object } data && Member(data, "epoch") is { ValueKind: JsonValueKind.Number } epoch
            ? epoch.GetInt64()
            : null;

    private static IReadOnlyList<KeyValuePair<string, string>> Verdicts(string json) =>
    [
        .. JsonElement.Parse(json).EnumerateArray().Select(gate =>
            KeyValuePair.Create(Member(gate, "gate")!.Value.GetString()!, Member(gate, "verdict")!.Value.GetString()!)),
    ];

    private static JsonElement? Member(JsonElement item, string name)
    {
        foreach (var member in item.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        }

        return null;
    }

    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> map, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(map(reader));
        return rows;
    }
}
