using Npgsql;

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>A trigger that lets the transaction which ends a preparation with a new epoch wait for a lock that the test holds.</summary>
internal sealed class CommitGate : IAsyncDisposable
{
    private const long Key = 4711;

    private const string Close =
        """
        CREATE OR REPLACE FUNCTION router.wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$;
        CREATE OR REPLACE TRIGGER gate BEFORE UPDATE ON router.routes FOR EACH ROW
        WHEN (OLD.preparing IS NOT NULL AND NEW.epoch > OLD.epoch) EXECUTE FUNCTION router.wait_at_gate();
        """;

    private readonly NpgsqlConnection _holder;

    private CommitGate(NpgsqlConnection holder) => _holder = holder;

    public static async Task<CommitGate> CloseAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var gate = new CommitGate(await database.OpenConnectionAsync(ct));
        await gate.ExecuteAsync(Close, ct);
        await gate.ExecuteAsync($"SELECT pg_advisory_lock({Key})", ct);
        return gate;
    }

    /// <summary>Returns when a commit waits.</summary>
    public async Task ReachedAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Key} AND NOT granted", _holder);
        while (await command.ExecuteScalarAsync(ct) is not > 0L) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct);
    }

    public Task OpenAsync(CancellationToken ct) => ExecuteAsync($"SELECT pg_advisory_unlock({Key})", ct);

    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, _holder);
        await command.ExecuteNonQueryAsync(ct);
    }
}
