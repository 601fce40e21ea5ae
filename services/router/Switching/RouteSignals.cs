using System.Collections.Concurrent;

namespace BlueGreen.Router.Switching;

/// <summary>What polls would find out anyway, only sooner.</summary>
internal sealed class RouteSignals
{
    private readonly ConcurrentQueue<string> _routes = new();

    /// <summary>A route changed in the database.</summary>
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

    /// <summary>The routes that were announced as changed since the last call.</summary>
    public IReadOnlyCollection<string> TakeChanged()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (_routes.TryDequeue(out var endpoint)) taken.Add(endpoint);
        return taken;
    }
}
