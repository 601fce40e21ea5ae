using System.Collections.Concurrent;
using BlueGreen.Router.Switching;

namespace BlueGreen.Router.Reverting;

/// <summary>
/// Vetoes that the database may not know yet, in <c>router/vetoes.jsonl</c> of the data directory: appended to and flushed to the disk
/// before a revert is answered. A line is a veto or, once the database has it, its settlement. A torn line is a veto that was never answered.
/// </summary>
internal sealed class VetoJournal : IDisposable
{
    private const int MostLogged = 512;

    private readonly JournalFile<JournalLine> _journal;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly ConcurrentDictionary<Guid, (Veto Veto, Lazy<Task> Written)> _pending = [];
    private readonly ConcurrentDictionary<Guid, Veto> _settled = [];

    public VetoJournal(ReplicaFile file, ILogger<VetoJournal> log)
    {
        var path = Path.Combine(file.Directory, "vetoes.jsonl");
        _journal = new JournalFile<JournalLine>(path);
        var unsettled = Replay(text => Log.JournalLineUnreadable(log, path, text.Length <= MostLogged ? text : text[..MostLogged]));
        // What is settled need not be kept: the journal starts anew with what is not.
        _journal.Replace(unsettled.Select(veto => new JournalLine { Veto = veto }));
        foreach (var veto in unsettled) _pending[veto.DeploymentId] = (veto, new Lazy<Task>(Task.CompletedTask));
    }

    /// <summary>Vetoes that the database has yet to confirm, written or not.</summary>
    public IReadOnlyCollection<Veto> Pending => _pending.Values.Select(entry => entry.Veto).ToArray();

    /// <summary>Returns when the veto is on disk; whoever repeats it waits for the same write, or tries again one that failed.</summary>
    /// <exception cref="IOException">It could not be written; it is pending all the same.</exception>
    public async Task AppendAsync(Veto veto)
    {
        if (_settled.ContainsKey(veto.DeploymentId)) return;
        var entry = _pending.AddOrUpdate(
            veto.DeploymentId, _ => Entry(veto), (_, known) => known.Written is { IsValueCreated: true, Value.IsFaulted: true } ? Entry(known.Veto) : known);
        await entry.Written.Value;
    }

    /// <summary>The veto as this replica took it.</summary>
    public Veto? Find(Guid deploymentId) =>
        _pending.TryGetValue(deploymentId, out var entry) ? entry.Veto : _settled.GetValueOrDefault(deploymentId);

    /// <summary>Writes a line that means nothing, so that the first veto finds everything loaded and compiled.</summary>
    public Task RehearseAsync() => WriteAsync(new JournalLine { Settled = Guid.Empty }, flush: true);

    /// <summary>Lost settlements only mean that the database is asked once more.</summary>
    public async Task SettleAsync(Guid deploymentId)
    {
        await WriteAsync(new JournalLine { Settled = deploymentId }, flush: false);
        if (_pending.TryGetValue(deploymentId, out var entry)) _settled[deploymentId] = entry.Veto;
        _pending.TryRemove(deploymentId, out _);
    }

    public void Dispose() => _writer.Dispose();

    private (Veto, Lazy<Task>) Entry(Veto veto) => (veto, new Lazy<Task>(() => WriteAsync(new JournalLine { Veto = veto }, flush: true)));

    private async Task WriteAsync(JournalLine line, bool flush)
    {
        await _writer.WaitAsync();
        try
        {
            _journal.Append([line], flush);
        }
        finally
        {
            _writer.Release();
        }
    }

    private Veto[] Replay(Action<string> torn)
    {
        var vetoes = new Dictionary<Guid, Veto>();
        foreach (var line in _journal.Read(torn))
        {
            if (line.Veto is not null) vetoes[line.Veto.DeploymentId] = line.Veto;
            else if (line.Settled is { } settled) vetoes.Remove(settled);
        }

        return [.. vetoes.Values];
    }

    private sealed record JournalLine
    {
        public Veto? Veto { get; init; }
        public Guid? Settled { get; init; }
    }
}
