namespace BlueGreen.Demo.Load;

/// <summary>
/// Sends when the schedule says so, whatever became of the requests before: a server that stalls meets the requests that real clients
/// would have sent meanwhile (no coordinated omission).
/// </summary>
internal sealed class OpenLoopGenerator(IRequestSender sender, RunClock clock, Action<RequestRecord> record)
{
    private int _inFlight = 1;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until stopped, then waits for the requests that are under way.</summary>
    public async Task RunAsync(Func<long> nextArrival, CancellationToken stop)
    {
        var start = clock.Now;
        for (var index = 0; await ReachedAsync(start + nextArrival(), stop) is { } due; index++)
        {
            Interlocked.Increment(ref _inFlight);
            _ = SendAsync(index, due);
        }

        Release();
        await _drained.Task;
    }

    private async Task<long?> ReachedAsync(long due, CancellationToken stop)
    {
        try
        {
            while (due - clock.Now is > 0 and var wait)
            {
                // Timers tick in milliseconds: a shorter wait would return at once and spin.
                await Task.Delay(TimeSpan.FromMicroseconds(Math.Max(wait, 1_000)), clock.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }

        return stop.IsCancellationRequested ? null : due;
    }

    private async Task SendAsync(int index, long due)
    {
        try
        {
            record(await sender.SendAsync(index, due));
        }
        finally
        {
            Release();
        }
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0) _drained.TrySetResult();
    }
}
