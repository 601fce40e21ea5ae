using System.Collections.Concurrent;
using System.Text.Json;
using BlueGreen.Router.Switching;

namespace BlueGreen.Router.Reverting;

/// <summary>
/// Vetoes that the database may not know yet, in <c>router/vetoes.jsonl</c> of the data directory: appended to and flushed to the disk
/// before a revert is answered. A line is a veto or, once the database has it, its settlement. Every line begins with a line break of its own:
/// what a failed write has left (no space on the disk) ends there, and takes nothing with it. A torn line is a veto that was never answered.
/// </summary>
internal sealed class VetoJournal : IDisposable
{
    private const int MostLogged = 512;

    private readonly string _path;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly ConcurrentDictionary<Guid, (Veto Veto, Lazy<Task> Written)> _pending = [];
    private readonly ConcurrentDictionary<Guid, Veto> _settled = [];

    public VetoJournal(ReplicaFile file, ILogger<VetoJournal> log)
    {
        Directory.CreateDirectory(file.Directory);
        _path = Path.Combine(file.Directory, "vetoes.jsonl");
        var unsettled = Replay(log);
        // What is settled need not be kept: the journal starts anew with what is not.
        Rewrite(unsettled);
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
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, JsonSerializerOptions.Web);
        await _writer.WaitAsync();
        try
        {
            using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.Write([(byte)'\n', .. bytes, (byte)'\n']);
            if (flush) file.Flush(flushToDisk: true);
        }
        finally
        {
            _writer.Release();
        }
    }

    private IReadOnlyList<Veto> Replay(ILogger log)
    {
        if (!File.Exists(_path)) return [];
        var vetoes = new Dictionary<Guid, Veto>();
        foreach (var text in File.ReadLines(_path).Where(text => text.Length > 0))
        {
            if (Parse(text) is not { } line)
            {
                Log.JournalLineUnreadable(log, _path, text.Length <= MostLogged ? text : text[..MostLogged]);
                continue;
            }

            if (line.Veto is not null) vetoes[line.Veto.DeploymentId] = line.Veto;
            else if (line.Settled is { } settled) vetoes.Remove(settled);
        }

        return [.. vetoes.Values];
    }

    private void Rewrite(IEnumerable<Veto> vetoes)
    {
        var next = _path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (var veto in vetoes)
            {
                JsonSerializer.Serialize(file, new JournalLine { Veto = veto }, JsonSerializerOptions.Web);
                file.WriteByte((byte)'\n');
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(next, _path, overwrite: true);
    }

    private static JournalLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalLine>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record JournalLine
    {
        public Veto? Veto { get; init; }
        public Guid? Settled { get; init; }
    }
}
