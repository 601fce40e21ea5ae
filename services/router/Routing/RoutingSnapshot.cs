using System.Diagnostics.CodeAnalysis;

namespace BlueGreen.Router.Routing;

/// <summary>All routes: which endpoints there are and at which paths. A request reads its endpoint's entry once and keeps to what it read.</summary>
internal sealed class RoutingSnapshot
{
    private readonly Dictionary<string, RouteSlot> _byEndpoint;
    private readonly Dictionary<string, RouteSlot>.AlternateLookup<ReadOnlySpan<char>> _byPath;
    private readonly int _depth;

    /// <summary>Of two endpoints with one path the first by name has it: the same one on every replica.</summary>
    public RoutingSnapshot(IEnumerable<RouteSlot> slots)
    {
        _byEndpoint = slots.ToDictionary(slot => slot.Entry.State.Endpoint, StringComparer.Ordinal);
        var byPath = new Dictionary<string, RouteSlot>(StringComparer.Ordinal);
        foreach (var slot in _byEndpoint.Values.OrderBy(slot => slot.Entry.State.Endpoint, StringComparer.Ordinal))
        {
            byPath.TryAdd(slot.Entry.State.Path, slot);
            _depth = Math.Max(_depth, slot.Entry.State.Path.AsSpan().Count('/'));
        }

        _byPath = byPath.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static RoutingSnapshot Empty { get; } = new([]);

    public IEnumerable<RouteEntry> Entries => _byEndpoint.Values.Select(slot => slot.Entry);

    public bool TryGet(string endpoint, [MaybeNullWhen(false)] out RouteEntry entry)
    {
        var isKnown = _byEndpoint.TryGetValue(endpoint, out var slot);
        entry = slot?.Entry;
        return isKnown;
    }

    /// <summary>The longest prefix of whole segments wins; compared ordinally, nothing is allocated.</summary>
    public bool TryMatch(ReadOnlySpan<char> path, [MaybeNullWhen(false)] out RouteEntry entry)
    {
        var prefix = Cut(path, _depth);
        RouteSlot? slot;
        while (!_byPath.TryGetValue(prefix, out slot))
        {
            if (prefix.IsEmpty)
            {
                entry = null;
                return false;
            }

            prefix = prefix[..prefix.LastIndexOf('/')];
        }

        entry = slot.Entry;
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
