using System.Runtime.ExceptionServices;
using BlueGreen.Platform.Inference;
using HdrHistogram;

namespace BlueGreen.Platform.Load;

/// <summary>One load while it runs.</summary>
internal sealed class LoadRun(LoadPlan plan, TimeProvider time) : IDisposable
{
    private const long HighestMicroseconds = 3_600_000_000;

    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly LongHistogram _histogram = new(HighestMicroseconds, 3);
    private readonly SemaphoreSlim _places = new(plan.MaxInFlight);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _fault;
    private int _open = plan.Requests;
    private int _failed;
    private int _late;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public TimeSpan DueAt(int number) => TimeSpan.FromSeconds(number / plan.Rate);

    public bool TryEnter() => _places.Wait(TimeSpan.Zero);

    public Task EnterAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    /// <summary>Takes note of the reply when it comes, without anybody waiting for it.</summary>
    public void Follow(int number, Task<InferenceReply> reply)
    {
        var lateness = Elapsed - DueAt(number);
        if (lateness <= plan.TimerSlack) lateness = TimeSpan.Zero;
        else _late++;
        if (reply.IsCompletedSuccessfully) Note(reply.Result, lateness);
        else _ = FollowAsync(reply, lateness);
    }

    public async Task<LoadResult> EndAsync()
    {
        if (plan.Requests > 0) await _over.Task;
        if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
        return new LoadResult
        {
            Microseconds = _histogram,
            Duration = Elapsed,
            Rate = plan.Rate,
            Requests = plan.Requests,
            Failed = _failed,
            Late = _late,
            Started = _started,
        };
    }

    public void Dispose() => _places.Dispose();

    private async Task FollowAsync(Task<InferenceReply> reply, TimeSpan lateness)
    {
        try
        {
            Note(await reply.ConfigureAwait(false), lateness);
        }
        catch (Exception fault)
        {
            _fault = fault;
            Leave();
        }
    }

    private void Note(InferenceReply reply, TimeSpan lateness)
    {
        lock (_lock)
        {
            if (!reply.Succeeded && !reply.TimedOut) _failed++;
            else
                _histogram.RecordValue(Math.Clamp((long)(reply.Latency + lateness).TotalMicroseconds, 1, HighestMicroseconds));
        }

        Leave();
    }

    private void Leave()
    {
        _places.Release();
        if (Interlocked.Decrement(ref _open) == 0) _over.TrySetResult();
    }
}
