using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// This replica's memory: its name, its registration and the routes it served last, in <c>router/replica.jsonl</c> of the data directory, on
/// disk before anything in it is acknowledged. The first line is all of it, those that follow are what has changed since: what is written
/// for a change must not grow with the number of endpoints. When they are more than the whole, the file is replaced by a new first line.
/// A torn line was never acknowledged.
/// </summary>
internal sealed class ReplicaFile
{
    /// <summary>A file smaller than this is left to grow.</summary>
    private const long LeastBytes = 256 * 1024;

    private readonly JournalFile<ReplicaLine> _journal;
    private ReplicaMemory? _written;
    private long _wholeBytes;
    private long _bytes;

    public ReplicaFile(IOptions<PlatformOptions> platform)
    {
        Directory = Path.Combine(Path.GetFullPath(platform.Value.DataDirectory), "router");
        _journal = new JournalFile<ReplicaLine>(Path.Combine(Directory, "replica.jsonl"));
    }

    public string Directory { get; }

    /// <summary>Null: this data directory has not been used yet.</summary>
    public ReplicaMemory? Read()
    {
        ReplicaMemory? memory = null;
        var routes = new Dictionary<string, RouteState>(StringComparer.Ordinal);
        foreach (var line in _journal.Read(torn: _ => { }))
        {
            if (line.Memory is { } whole)
            {
                memory = whole;
                foreach (var route in whole.Routes) routes[route.Endpoint] = route;
            }

            if (line.Route is { } changed) routes[changed.Endpoint] = changed;
            if (line.RenewedAt is { } renewed && memory is not null) memory = memory with { RenewedAt = renewed };
        }

        return memory is null ? null : memory with { Routes = [.. routes.Values] };
    }

    /// <summary>To be called by one at a time.</summary>
    public void Write(ReplicaMemory memory)
    {
        try
        {
            if (_written is { } before && before.Name == memory.Name && before.Registered == memory.Registered && _bytes <= LeastBytes + (2 * _wholeBytes))
                Append(Changes(before, memory));
            else
                Replace(memory);
            _written = memory;
        }
        catch
        {
            // What of it is on the disk is not known: the next one writes all of it.
            _written = null;
            throw;
        }
    }

    private static List<ReplicaLine> Changes(ReplicaMemory before, ReplicaMemory after)
    {
        var known = before.Routes.ToDictionary(route => route.Endpoint, StringComparer.Ordinal);
        var changes = after.Routes.Where(route => !ReferenceEquals(known.GetValueOrDefault(route.Endpoint), route))
            .Select(route => new ReplicaLine { Route = route }).ToList();
        if (after.RenewedAt != before.RenewedAt) changes.Add(new ReplicaLine { RenewedAt = after.RenewedAt });
        return changes;
    }

    private void Append(List<ReplicaLine> lines)
    {
        if (lines.Count > 0) _bytes += _journal.Append(lines, flush: true);
    }

    private void Replace(ReplicaMemory memory) => _bytes = _wholeBytes = _journal.Replace([new ReplicaLine { Memory = memory }]);

    /// <summary>One of the three.</summary>
    private sealed record ReplicaLine
    {
        public ReplicaMemory? Memory { get; init; }
        public RouteState? Route { get; init; }
        public DateTimeOffset? RenewedAt { get; init; }
    }
}

/// <summary>Contents of <see cref="ReplicaFile"/>.</summary>
internal sealed record ReplicaMemory
{
    public required string Name { get; init; }

    /// <summary>False after a clean stop: other replicas may have released standbys since, so reverts wait for the database.</summary>
    public bool Registered { get; init; }
    public DateTimeOffset RenewedAt { get; init; }
    public IReadOnlyList<RouteState> Routes { get; init; } = [];
}
