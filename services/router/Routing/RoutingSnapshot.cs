using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace BlueGreen.Router.Routing;

/// <summary>All routes at one instant. A request reads it once and keeps to what it read.</summary>
internal sealed class RoutingSnapshot
{
    private readonly FrozenDictionary<string, RouteEntry> _byEndpoint;
    private readonly FrozenDictionary<string, RouteEntry>.AlternateLookup<ReadOnlySpan<char>> _byPath;
    private readonly int _depth;

    /// <summary>Of two endpoints with one path the first by name has it: the same one on every replica.</summary>
    public RoutingSnapshot(IEnumerable<RouteEntry> entries)
    {
        _byEndpoint = entries.ToFrozenDictionary(entry => entry.State.Endpoint, StringComparer.Ordinal);
        var byPath = new Dictionary<string, RouteEntry>(StringComparer.Ordinal);
        foreach (var entry in _byEndpoint.Values.OrderBy(entry => entry.State.Endpoint, StringComparer.Ordinal))
        {
            byPath.TryAdd(entry.State.Path, entry);
            _depth = Math.Max(_depth, entry.State.Path.AsSpan().Count('/'));
        }

        _byPath = byPath.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static RoutingSnapshot Empty { get; } = new([]);

    public IEnumerable<RouteEntry> Entries => _byEndpoint.Values;

    public bool TryGet(string endpoint, [MaybeNullWhen(false)] out RouteEntry entry) =>
        _byEndpoint.TryGetValue(endpoint, out entry);

    /// <summary>The longest prefix of whole segments wins; compared ordinally, nothing is allocated.</summary>
    public bool TryMatch(ReadOnlySpan<char> path, [MaybeNullWhen(false)] out RouteEntry entry)
    {
        var prefix = Cut(path, _depth);
        while (!_byPath.TryGetValue(prefix, out entry))
        {
            if (prefix.IsEmpty) return false;
            prefix = prefix[..prefix.LastIndexOf('/')];
        }

        return true;
    }

    /// <summary>The first <paramref name="segments"/> segments, without a trailing slash.</summary>
    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> path, int segments)
    {
        if (path.IsEmpty || path[0] != '/') return [];
        var end = 0;
        for (var segment = 0; segment < segments && end < path.Length; segment++)
        {
            var next = path[(end + 1)..].IndexOf('/');
            end = next < 0 ? path.Length : end + 1 + next;
        }

        return path[..end].TrimEnd('/');
    }
}
