using System.Collections.Concurrent;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>One server process of an environment.</summary>
internal sealed class UpstreamReplica(int position, Uri address)
{
    private const int MostCachedUris = 256;

    private readonly ConcurrentDictionary<string, Uri> _uris = new(StringComparer.Ordinal);
    private long _inFlight;
    private long _skippedUntil;

    /// <summary>Position among the environment's replicas.</summary>
    public int Position { get; } = position;

    /// <summary>Address without a trailing slash.</summary>
    public string Prefix { get; } = address.AbsoluteUri.TrimEnd('/');
    public long InFlight => Interlocked.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Exit() => Interlocked.Decrement(ref _inFlight);

    public bool IsSkipped(long now) => now < Interlocked.Read(ref _skippedUntil);

    public void SkipUntil(long timestamp) => Interlocked.Exchange(ref _skippedUntil, timestamp);

    /// <summary>Inference clients call few paths very often: their addresses are parsed once.</summary>
    public Uri AddressOf(PathString path, QueryString query)
    {
        if (query.HasValue) return RequestUtilities.MakeDestinationAddress(Prefix, path, query);
        var key = path.Value ?? "";
        if (_uris.TryGetValue(key, out var known)) return known;
        var made = RequestUtilities.MakeDestinationAddress(Prefix, path, query);
        if (_uris.Count < MostCachedUris) _uris.TryAdd(key, made);
        return made;
    }
}
