using System.Text;
using Npgsql;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>What stood in the database, and what the replicas said last, when a switch had no outcome: for whoever reads the failure.</summary>
internal static class SceneReport
{
    private const int LastLines = 40;

    private static readonly (string Title, string Query)[] Queries =
    [
        ("work", "SELECT subject || ' ' || state || ' tries ' || tries || ' due ' || due_at || ' owner ' || coalesce(lease_owner, '-') || ' until '"
            + " || coalesce(lease_until::text, '-') || ' ' || coalesce(last_error, '') FROM router.work_items WHERE state <> 'Done'"),
        ("outbox", "SELECT destination || ' due ' || due_at || ' attempts ' || attempts || ' ' || coalesce(last_error, '') FROM router.outbox"),
        ("inbox of the last minutes", "SELECT message_id || ' ' || consumer_id || ' ' || received_at FROM router.inbox ORDER BY received_at DESC LIMIT 20"),
        ("routes", "SELECT endpoint || ' version ' || version || ' epoch ' || epoch FROM router.routes"),
        ("sessions", "SELECT pid || ' ' || coalesce(state, '-') || ' since ' || coalesce(state_change::text, '-') || ' waits for '"
            + " || coalesce(wait_event_type || '/' || wait_event, '-') || ' blocked by ' || pg_blocking_pids(pid)::text || ': ' || left(query, 200)"
            + " FROM pg_stat_activity WHERE datname = current_database() AND (state <> 'idle' OR cardinality(pg_blocking_pids(pid)) > 0)"),
    ];

    public static async Task<string> OfAsync(NpgsqlDataSource database, string folder)
    {
        var text = new StringBuilder();
        foreach (var (title, query) in Queries) await AddAsync(text, title, database, query);
        foreach (var log in Directory.EnumerateFiles(folder, "router-*.log").Order())
        {
            text.AppendLine(Path.GetFileName(log));
            await using var lines = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(lines);
            text.AppendJoin('\n', (await reader.ReadToEndAsync(CancellationToken.None)).Split('\n').Where(line => !line.Contains("HealthCheck", StringComparison.Ordinal)).TakeLast(LastLines)).AppendLine();
        }

        return text.ToString();
    }

    private static async Task AddAsync(StringBuilder text, string title, NpgsqlDataSource database, string query)
    {
        text.AppendLine(title);
        try
        {
            await using var command = database.CreateCommand(query);
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            while (await reader.ReadAsync(CancellationToken.None)) text.Append("  ").AppendLine(reader.GetString(0));
        }
        catch (PostgresException untold)
        {
            text.Append("  ").AppendLine(untold.Message);
        }
    }
}
