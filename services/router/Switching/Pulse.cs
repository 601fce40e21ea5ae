namespace BlueGreen.Router.Switching;

/// <summary>An event that wakes everybody who waits. Take <see cref="Next"/> before looking at the condition, await it after.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource _next = Create();

    public Task Next => _next.Task;

    public void Fire()
    {
        var fired = _next;
        _next = Create();
        fired.TrySetResult();
    }

    /// <summary>Returns at the pulse or when <paramref name="limit"/> is over, whichever is first.</summary>
    public static async Task WaitAsync(Task next, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(limit, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time for the poll behind the signal.
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
