namespace BlueGreen.EnvManager;

/// <summary>One at a time per key, within this process: spawning and killing of the same environment must not interleave.</summary>
internal sealed class KeyedTurns<TKey> where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Turn> _turns = [];

    /// <summary>Waits for the key's turn, which ends when the result is disposed.</summary>
    public async Task<IDisposable> TakeAsync(TKey key, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (_gate)
        {
            if (!_turns.TryGetValue(key, out turn)) _turns[key] = turn = new Turn(this, key);
            turn.Users++;
        }

        try
        {
            await turn.Semaphore.WaitAsync(cancellationToken);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_gate)
        {
            if (--turn.Users > 0) return;
            _turns.Remove(turn.Key);
            turn.Semaphore.Dispose();
        }
    }

    private sealed class Turn(KeyedTurns<TKey> owner, TKey key) : IDisposable
    {
        public TKey Key { get; } = key;
        public SemaphoreSlim Semaphore { get; } = new(1, 1);
        public int Users { get; set; }

        public void Dispose()
        {
            Semaphore.Release();
            owner.Leave(this);
        }
    }
}
