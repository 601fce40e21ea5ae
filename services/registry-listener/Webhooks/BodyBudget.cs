using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>Bytes of bodies that are in memory at once: senders that have not shown who they are must not be able to fill it.</summary>
internal sealed class BodyBudget(IOptionsMonitor<RegistryListenerOptions> options)
{
    private long _taken;

    /// <summary>Null when there is no room now.</summary>
    /// <param name="announced">The length that the sender announced; null: unknown, so that the largest allowed counts.</param>
    public IDisposable? TryTake(long? announced)
    {
        var limits = options.CurrentValue;
        // Even an empty request costs something.
        var bytes = Math.Clamp(announced ?? limits.MaxBodyBytes, 4096, limits.MaxBodyBytes);
        if (Interlocked.Add(ref _taken, bytes) <= limits.MemoryLimitBytes) return new Share(this, bytes);
        Interlocked.Add(ref _taken, -bytes);
        return null;
    }

    private sealed class Share(BodyBudget budget, long bytes) : IDisposable
    {
        private int _isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0) Interlocked.Add(ref budget._taken, -bytes);
        }
    }
}
