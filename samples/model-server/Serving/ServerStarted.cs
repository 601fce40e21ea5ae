namespace BlueGreen.ModelServer.Serving;

/// <summary>Turns the host's "started" token into something that can be awaited.</summary>
internal static class ServerStarted
{
    public static async Task WaitAsync(this CancellationToken started, CancellationToken ct)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = started.Register(source.SetResult);
        await source.Task.WaitAsync(ct);
    }
}
