using System.Collections.Concurrent;

namespace BlueGreen.Router.Switching;

/// <summary>What polls would find out anyway, only sooner.</summary>
internal sealed class RouteSignals
{
    private readonly ConcurrentQueue<string> _routes = new();
    private int _isMissing;

    /// <summary>A route changed in the database, or here.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>A replica acknowledged, here or elsewhere.</summary>
    public Pulse Acknowledged { get; } = new();

    /// <summary>True while other processes' announcements are heard: polls may be rare then.</summary>
    public bool IsListening { get; set; }

    public void RouteChanged(string endpoint)
    {
        _routes.Enqueue(endpoint);
        Changed.Fire();
    }

    /// <summary>A route was heard, and is in the table: there is something to acknowledge.</summary>
    public void RouteHeard() => Changed.Fire();

    /// <summary>Announcements may have been missed.</summary>
    public void RoutesMissed()
    {
        Volatile.Write(ref _isMissing, 1);
        Changed.Fire();
    }

    /// <summary>Whether announcements may have been missed since the last call.</summary>
    public bool TakeMissed() => Interlocked.Exchange(ref _isMissing, 0) == 1;

    /// <summary>The routes that were announced as changed since the last call.</summary>
    public IReadOnlyCollection<string> TakeChanged()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (_routes.TryDequeue(out var endpoint)) taken.Add(endpoint);
        return taken;
    }
}
