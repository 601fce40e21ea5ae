using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Who this replica is and whether the others still reckon with it: only then may it answer a revert with yes, for a release waits for
/// every replica that could (docs/adr/0008), and only then a request of an endpoint that is fenced (docs/adr/0014).
/// </summary>
internal sealed class ReplicaStanding
{
    /// <summary>Stops short of the time after which the others forget a replica, so that clocks need not agree to the second.</summary>
    private const double Margin = 0.9;

    /// <summary>The lease is over here before it is over for those who would wait for this replica.</summary>
    private const double LeaseMargin = 0.8;

    private static readonly TimeSpan WriteInterval = TimeSpan.FromMinutes(1);
    private readonly ReplicaFile _file;
    private readonly RoutingTable _table;
    private readonly TimeSpan _forgetAfter;
    private readonly long _leaseTicks;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private ReplicaMemory _memory;
    private DateTimeOffset _writtenAt;
    private volatile bool _isStale;
    private long _leaseUntil = long.MinValue;
    private long _followedAt = long.MinValue;

    public ReplicaStanding(ReplicaFile file, RoutingTable table, IOptions<RouterOptions> options, TimeProvider clock)
    {
        (_file, _table, _clock) = (file, table, clock);
        _forgetAfter = options.Value.ForgetReplicaAfter;
        _leaseTicks = (long)(options.Value.LeaseTtl.TotalSeconds * LeaseMargin * clock.TimestampFrequency);
        var memory = file.Read();
        var name = options.Value.Name ?? memory?.Name ?? MakeName();
        // Under another name this replica is another replica: what the old one was registered for does not hold for it.
        _memory = memory?.Name == name ? memory : new ReplicaMemory { Name = name, Routes = memory?.Routes ?? [] };
        if (memory is null || memory.Name != name) file.Write(_memory);
    }

    public string Name => _memory.Name;

    /// <summary>Something is to be written, but nobody waits for it.</summary>
    public Pulse Stale { get; } = new();

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

    /// <summary>
    /// Until which timestamp the others wait for this replica. In the past until the routes were read under the lease. Whose request rests on
    /// the lease takes this before it reads the route, and looks at the time after: a lease that was renewed in between says nothing of a
    /// route that was read before, and a process may stop for any time between two of its steps.
    /// </summary>
    public long LeaseUntil => Volatile.Read(ref _leaseUntil);

    /// <summary>The lease was renewed, and the routes were read after that.</summary>
    /// <param name="at">When, by the database's clock.</param>
    /// <param name="asked">Timestamp of before the renewal was asked for: its time runs from there.</param>
    public void Renewed(DateTimeOffset at, long asked)
    {
        lock (_gate)
        {
            var isNew = !_memory.Registered;
            _memory = _memory with { Registered = true, RenewedAt = at };
            if (isNew || at - _writtenAt > WriteInterval) Write();
        }

        Volatile.Write(ref _leaseUntil, asked + _leaseTicks);
    }

    /// <summary>Timestamp at which the routes were last known to be the database's; null: not since the start.</summary>
    public long? FollowedAt => Volatile.Read(ref _followedAt) is var at && at == long.MinValue ? null : at;

    public void Followed(long timestamp) => Volatile.Write(ref _followedAt, timestamp);

    /// <summary>Puts the table's routes on disk, for a restart without the database.</summary>
    /// <param name="now">True before something is promised that must hold after a restart; otherwise it can wait for a moment.</param>
    public void Remember(bool now)
    {
        _isStale = true;
        if (now) CatchUp();
        else Stale.Fire();
    }

    /// <summary>Puts the table's routes on disk, if an endpoint's is as new as a version of it.</summary>
    /// <param name="endpoint">Its name.</param>
    /// <param name="version">0: there is no such route.</param>
    /// <returns>False: the table is older.</returns>
    public bool TryRemember(string endpoint, long version)
    {
        if (version == 0) return true;
        if (!_table.States().Any(state => state.Endpoint == endpoint && state.Version >= version)) return false;
        Remember(now: true);
        return true;
    }

    /// <summary>Writes what was left to be written, if there is anything.</summary>
    public void CatchUp()
    {
        if (!_isStale) return;
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
        // Before the routes are looked at: what changes from here on is written next time.
        _isStale = false;
        try
        {
            _memory = _memory with { Routes = _table.States() };
            _file.Write(_memory);
            _writtenAt = _memory.RenewedAt;
        }
        catch
        {
            _isStale = true;
            throw;
        }
    }

    private static string MakeName() => $"{Environment.MachineName.ToLowerInvariant()}-{Guid.NewGuid().ToString("N")[..6]}";
}
