namespace BlueGreen.Platform.Persistence;

/// <summary>
/// SQLite has one writer: within the process writers queue here, asynchronously and in order, instead of colliding in the file.
/// PostgreSQL locks rows; there the gate is open.
/// </summary>
internal sealed class WriteGate(DatabaseConnection connection) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly AsyncLocal<bool> _inside = new();

    public async ValueTask<Passage> EnterAsync(CancellationToken cancellationToken)
    {
        if (connection.IsPostgres) return default;
        if (_inside.Value) throw new InvalidOperationException("A write inside a write would wait for itself; use the context at hand.");
        await _writer.WaitAsync(cancellationToken);
        return new Passage(this);
    }

    /// <summary>Marks the current flow as a writer; to be called in the method that holds the passage.</summary>
    public void MarkInside() => _inside.Value = !connection.IsPostgres;

    public void Dispose() => _writer.Dispose();

    internal readonly struct Passage(WriteGate? gate) : IDisposable
    {
        public void Dispose()
        {
            if (gate is null) return;
            gate._inside.Value = false;
            gate._writer.Release();
        }
    }
}
