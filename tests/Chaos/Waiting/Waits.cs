using System.Collections.Concurrent;
using System.Globalization;

namespace BlueGreen.Chaos.Waiting;

/// <summary>Every wait of the harness has a limit and says what it waited for, so that nothing hangs in silence.</summary>
internal sealed class Waits(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, (string What, long Since)> _open = [];
    private long _last;

    public Task ForAsync(string what, TimeSpan limit, Func<CancellationToken, Task> wait, CancellationToken ct) => ForAsync(what, limit, async token =>
    {
        await wait(token);
        return true;
    }, ct);

    /// <param name="what">Ends the sentence "waited for …".</param>
    /// <param name="limit">Longest wait, also for a task that does not heed its token.</param>
    /// <param name="wait">Begins what is waited for; its token ends with the limit.</param>
    /// <param name="ct">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ChaosException">The limit has passed; the message says what else was being waited for.</exception>
    public async Task<T> ForAsync<T>(string what, TimeSpan limit, Func<CancellationToken, Task<T>> wait, CancellationToken ct)
    {
        var id = Interlocked.Increment(ref _last);
        _open[id] = (what, time.GetTimestamp());
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            return await wait(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            var others = Open(except: id);
            throw new ChaosException($"Waited {limit.TotalSeconds:0} s for {what}: in vain.{(others.Length == 0 ? "" : $" Also waited for: {others}.")}");
        }
        finally
        {
            _open.TryRemove(id, out _);
        }
    }

    private string Open(long except) => string.Join("; ", _open.Where(wait => wait.Key != except).OrderBy(wait => wait.Key).Select(wait =>
        string.Create(CultureInfo.InvariantCulture, $"{wait.Value.What} ({time.GetElapsedTime(wait.Value.Since).TotalSeconds:0} s)")));
}
