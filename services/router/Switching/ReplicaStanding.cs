using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Who this replica is and whether the others still reckon with it: only then may it answer a revert with yes, for a release waits for
/// every replica that could (docs/adr/0008).
/// </summary>
internal sealed class ReplicaStanding
{
    /// <summary>Stops short of the time after which the others forget a replica, so that clocks need not agree to the second.</summary>
    private const double Margin = 0.9;

    private static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);
    private readonly ReplicaFile _file;
    private readonly RoutingTable _table;
    private readonly TimeSpan _forgetAfter;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private ReplicaMemory _memory;
    private DateTimeOffset _writtenAt;

    public ReplicaStanding(ReplicaFile file, RoutingTable table, IOptions<RouterOptions> options, TimeProvider clock)
    {
        (_file, _table, _clock) = (file, table, clock);
        _forgetAfter = options.Value.ForgetReplicaAfter;
        var memory = file.Read();
        var name = options.Value.Name ?? memory?.Name ?? MakeName();
        // Under another name this replica is another replica: what the old one was registered for does not hold for it.
        _memory = memory?.Name == name ? memory : new ReplicaMemory { Name = name, Routes = memory?.Routes ?? [] };
        if (memory is null || memory.Name != name) file.Write(_memory);
    }

    public string Name => _memory.Name;

    /// <summary>The routes served last, from before this process began.</summary>
    public IReadOnlyList<RouteState> Remembered => _memory.Routes;

    public bool MayRevert
    {
        get
        {
            var memory = Volatile.Read(ref _memory);
            return memory.Registered && _clock.GetUtcNow() - memory.RenewedAt < _forgetAfter * Margin;
        }
    }

    /// <summary>The lease was renewed. The file learns of it now and then: an older time in it errs on the safe side.</summary>
    public void Renewed(DateTimeOffset at)
    {
        lock (_gate)
        {
            var isNew = !_memory.Registered;
            _memory = _memory with { Registered = true, RenewedAt = at };
            if (isNew || at - _writtenAt > WriteInterval) Write();
        }
    }

    /// <summary>Puts the table's routes on disk, for a restart without the database.</summary>
    public void Remember()
    {
        lock (_gate) Write();
    }

    public void SetRegistered(bool registered)
    {
        lock (_gate)
        {
            _memory = _memory with { Registered = registered };
            Write();
        }
    }

    private void Write()
    {
        _memory = _memory with { Routes = _table.States() };
        _file.Write(_memory);
        _writtenAt = _clock.GetUtcNow();
    }

    private static string MakeName() => $"{Environment.MachineName.ToLowerInvariant()}-{Guid.NewGuid().ToString("N")[..6]}";
}
