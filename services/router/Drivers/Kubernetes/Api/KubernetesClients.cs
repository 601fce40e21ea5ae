using System.Collections.Concurrent;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>One connection per cluster, whatever number of endpoints and drivers use it.</summary>
internal sealed class KubernetesClients(TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<KubernetesTarget, Lazy<KubernetesApi>> _known = new();

    public KubernetesApi Of(KubernetesTarget target) =>
        _known.GetOrAdd(target, static (key, time) => new Lazy<KubernetesApi>(() => new KubernetesApi(key, time)), clock).Value;

    public void Dispose()
    {
        foreach (var api in _known.Values.Where(api => api.IsValueCreated)) api.Value.Dispose();
    }
}
