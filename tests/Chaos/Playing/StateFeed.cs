using System.Collections.Concurrent;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>
/// Hears of every state that a deployment enters, at the commit that enters it: a trigger of the harness's own on the deployments' table
/// notifies. Survives the database's restarts.
/// </summary>
internal sealed class StateFeed(string database, TimeProvider time) : IAsyncDisposable
{
    private const string Channel = "chaos_states";
    private static readonly string[] Ends = ["Committed", "RolledBack", "Failed", "Rejected", "Cancelled", "Superseded"];
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Guid, Seen> _seen = new();
    private readonly List<Waiter> _waiters = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _listening = Task.CompletedTask;

    public static bool IsEnd(string state) => Ends.Contains(state);

    public async Task StartAsync(CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(Direct);
        await using var install = source.CreateCommand($"""
            CREATE FUNCTION public.chaos_tell() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              PERFORM pg_notify('{Channel}', NEW.correlation_id || '|' || NEW.version || '|' || NEW.current_state || '|' || left(COALESCE(NEW.reason, ''), 500));
              RETURN NULL;
            END $$;
            CREATE TRIGGER chaos_tell AFTER INSERT OR UPDATE OF current_state ON orchestrator.deployments
              FOR EACH ROW EXECUTE FUNCTION public.chaos_tell();
            """);
        await install.ExecuteNonQueryAsync(ct);
        _listening = ListenAsync();
    }

    /// <summary>The states that deployments are in now, ends left out, one per deployment.</summary>
    public IReadOnlyList<string> Active() => [.. _seen.Values.Select(seen => seen.State).Where(state => !IsEnd(state))];

    /// <summary>Waits until some deployment is in a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="version">Of this version only; null: of any.</param>
    /// <param name="patience">Longest wait.</param>
    /// <param name="ct">Ends the wait with an exception.</param>
    /// <returns>False: the wait was over first.</returns>
    public Task<bool> WaitAsync(string state, string? version, TimeSpan patience, CancellationToken ct) =>
        WaitAsync(() => _seen.Values.Any(seen => seen.State == state && (version is null || version == seen.Version)), patience, ct);

    /// <summary>Whether a version's deployment is in a state now.</summary>
    public bool IsIn(string state, string version) => _seen.Values.Any(seen => seen.State == state && seen.Version == version);

    /// <summary>Waits until no deployment of an endpoint is under way.</summary>
    public Task<bool> WaitUntilIdleAsync(string endpoint, TimeSpan patience, CancellationToken ct) =>
        WaitAsync(() => _seen.Values.All(seen => IsEnd(seen.State) || !seen.Version.StartsWith(endpoint, StringComparison.Ordinal)), patience, ct);

    /// <summary>Waits until a version's deployment exists.</summary>
    public Task<bool> WaitUntilKnownAsync(string version, TimeSpan patience, CancellationToken ct) =>
        WaitAsync(() => _seen.Values.Any(seen => seen.Version == version), patience, ct);

    /// <summary>Waits until a version's deployment has ended.</summary>
    public Task<bool> WaitUntilEndedAsync(string version, TimeSpan patience, CancellationToken ct) =>
        WaitAsync(() => _seen.Values.Any(seen => seen.Version == version && IsEnd(seen.State)), patience, ct);

    /// <summary>Waits until a version's deployment is in a state, or has ended without.</summary>
    public Task<bool> MeetAsync(string state, string version, TimeSpan patience, CancellationToken ct) => WaitAsync(
        () => _seen.Values.Any(seen => seen.Version == version && (seen.State == state || IsEnd(seen.State))), patience, ct);

    /// <summary>The next time that a version's deployment is in one of some states; null: it has ended.</summary>
    public async Task<(Guid Id, string State)?> NextOfAsync(string version, string[] wanted, CancellationToken ct)
    {
        (Guid, string)? met = null;
        await WaitAsync(() =>
        {
            var (id, seen) = _seen.FirstOrDefault(pair => pair.Value.Version == version);
            if (seen is null) return false;
            if (wanted.Contains(seen.State)) met = (id, seen.State);
            return met is not null || IsEnd(seen.State);
        }, Timeout.InfiniteTimeSpan, ct);
        return met;
    }

    /// <summary>Waits until a deployment is in a state no more.</summary>
    public Task<bool> LeftAsync(Guid id, string state, CancellationToken ct) => WaitAsync(() => StateOf(id) != state, Timeout.InfiniteTimeSpan, ct);

    public string? StateOf(Guid id) => _seen.TryGetValue(id, out var seen) ? seen.State : null;

    /// <summary>Every version that was seen, and the state of its deployment.</summary>
    public override string ToString() => string.Join(", ", _seen.Values.Select(seen => $"{seen.Version} is {seen.State} {seen.Why}").Order());

    private async Task<bool> WaitAsync(Func<bool> condition, TimeSpan patience, CancellationToken ct)
    {
        var waiter = new Waiter(condition, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_waiters) _waiters.Add(waiter);
        waiter.Look();
        try
        {
            await waiter.Came.Task.WaitAsync(patience, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_waiters) _waiters.Remove(waiter);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening;
        _stop.Dispose();
    }

    private string Direct => new NpgsqlConnectionStringBuilder(database) { Pooling = false, KeepAlive = 5 }.ConnectionString;

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await HearAsync(_stop.Token);
            }
            catch (Exception lost) when (lost is NpgsqlException or OperationCanceledException or IOException or TimeoutException)
            {
                await Task.Delay(Retry, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HearAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Direct);
        await connection.OpenAsync(ct);
        connection.Notification += (_, told) =>
        {
            // An orchestrator that starts rehearses with a saga of its own, which is no deployment of ours.
            if (told.Payload.Split('|', 4) is [var id, var version, var state, var why] && state != "Rehearsal")
                See(Guid.Parse(id), new Seen(version, state, why));
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
        await using (var read = new NpgsqlCommand("SELECT correlation_id, version, current_state, COALESCE(reason, '') FROM orchestrator.deployments", connection))
        await using (var rows = await read.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct)) See(rows.GetGuid(0), new Seen(rows.GetString(1), rows.GetString(2), rows.GetString(3)));
        }

        while (true) await connection.WaitAsync(ct);
    }

    private void See(Guid id, Seen seen)
    {
        _seen[id] = seen;
        lock (_waiters)
        {
            foreach (var waiter in _waiters) waiter.Look();
        }
    }

    private sealed record Seen(string Version, string State, string Why);

    private sealed record Waiter(Func<bool> Condition, TaskCompletionSource Came)
    {
        public void Look()
        {
            if (Condition()) Came.TrySetResult();
        }
    }
}
