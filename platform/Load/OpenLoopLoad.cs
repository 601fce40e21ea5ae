using BlueGreen.Platform.Inference;

namespace BlueGreen.Platform.Load;

/// <summary>
/// Sends requests to a schedule that does not wait for answers, and measures each from the moment it was due. A closed loop would send
/// nothing while the server stalls and so leave out the very requests that a stall hurts ("coordinated omission", G. Tene, "How NOT to
/// measure latency", 2013). Latencies go into an HdrHistogram of three significant digits.
/// </summary>
public sealed class OpenLoopLoad(TimeProvider time)
{
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    /// <param name="plan">How many, how fast.</param>
    /// <param name="send">Sends the request of this number (from 0) and never throws but for cancellation; called from one thread.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task<LoadResult> RunAsync(
        LoadPlan plan, Func<int, CancellationToken, Task<InferenceReply>> send, CancellationToken cancellationToken)
    {
        var run = new LoadRun(plan, time);
        for (var next = 0; next < plan.Requests;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (; next < plan.Requests && run.DueAt(next) <= run.Elapsed; next++)
            {
                if (!run.TryEnter()) await run.EnterAsync(cancellationToken);
                run.Follow(next, send(next, cancellationToken));
            }

            if (next == plan.Requests) break;
            var wait = run.DueAt(next) - run.Elapsed;
            if (wait > TimeSpan.Zero) await Task.Delay(wait > ShortestSleep ? wait : ShortestSleep, time, cancellationToken);
        }

        var result = await run.EndAsync();
        run.Dispose();
        return result;
    }
}
