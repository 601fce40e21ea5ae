using System.Collections.Concurrent;
using BlueGreen.Router.Direct;
using Yarp.ReverseProxy.Forwarder;

namespace BlueGreen.Router.Proxy;

/// <summary>One server process of an environment.</summary>
internal sealed class UpstreamReplica(int position, Uri address)
{
    private const int MostCachedUris = 256;
    private const int MostDoublings = 5;

    private readonly ConcurrentDictionary<string, Uri> _uris = new(StringComparer.Ordinal);
    private long _inFlight;
    private long _skippedUntil;
    private long _coldUntil = long.MinValue;
    private int _failures;
    private int _ejections;
    private volatile bool _isReady = true;

    /// <summary>Position among the environment's replicas.</summary>
    public int Position { get; } = position;

    public Uri Address { get; } = address;

    /// <summary>Address without a trailing slash.</summary>
    public string Prefix { get; } = address.AbsoluteUri.TrimEnd('/');

    /// <summary>Connections of the direct way.</summary>
    public UpstreamPool Pool { get; } = new(address);
    public long InFlight => Interlocked.Read(ref _inFlight);

    /// <summary>What the health probes say; true until they have said otherwise.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Exit() => Interlocked.Decrement(ref _inFlight);

    public bool IsSkipped(long now) => now < Interlocked.Read(ref _skippedUntil);

    /// <summary>It was started again and is being warmed; over by itself at the time given, whatever becomes of the warming.</summary>
    public bool IsCold(long now) => now < Interlocked.Read(ref _coldUntil);

    public void ColdUntil(long timestamp) => Interlocked.Exchange(ref _coldUntil, timestamp);

    public bool IsWell(long now) => _isReady && !IsSkipped(now) && !IsCold(now);

    public void SkipUntil(long timestamp) => Interlocked.Exchange(ref _skippedUntil, timestamp);

    /// <summary>Read first: answers that are well must not write to memory that every core shares.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _failures) == 0) return;
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _ejections, 0);
    }

    /// <returns>Failures in a row.</returns>
    public int Failed() => Interlocked.Increment(ref _failures);

    public void Eject(long now, long ticks)
    {
        Volatile.Write(ref _failures, 0);
        SkipUntil(now + (ticks << Math.Min(Interlocked.Increment(ref _ejections) - 1, MostDoublings)));
    }

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
