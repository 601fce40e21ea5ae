namespace BlueGreen.Platform.Webhooks;

/// <summary>Bytes of bodies that are in memory at once: senders that have not shown who they are must not be able to fill it.</summary>
public sealed class BodyBudget
{
    private const long SmallestShare = 4096;
    private long _taken;

    /// <summary>Room for one body until it is disposed of; null when there is none now.</summary>
    /// <param name="announced">The length in bytes that the sender announced; null: unknown, so that the largest allowed counts.</param>
    /// <param name="largest">The most bytes that one body may have.</param>
    /// <param name="total">The most bytes that all of them may have.</param>
    public IDisposable? TryTake(long? announced, int largest, long total)
    {
        // Even an empty request costs something.
        var bytes = Math.Clamp(announced ?? largest, Math.Min(SmallestShare, largest), largest);
        if (Interlocked.Add(ref _taken, bytes) <= total) return new Share(this, bytes);
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
