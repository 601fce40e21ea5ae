namespace BlueGreen.Router.Routing;

/// <summary>Where new requests wait while a strict switch is prepared.</summary>
internal sealed class HoldGate(TimeProvider clock)
{
    private readonly long _since = clock.GetTimestamp();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Released => _released.Task;

    /// <summary>How long it has held requests.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_since);

    /// <summary>Lets them go on: each looks the route up anew. To be called when the route to go on with is in place.</summary>
    public void Release() => _released.TrySetResult();
}
