namespace BlueGreen.Demo.Load;

/// <summary>One request as the client saw it. Times in microseconds of the <see cref="RunClock"/>.</summary>
/// <param name="Due">When the schedule wanted it sent; latency counts from here.</param>
/// <param name="Sent">When it was handed to the HTTP client.</param>
/// <param name="Done">When its answer was read to the end, or it failed.</param>
/// <param name="Status">HTTP status; 0: no answer.</param>
/// <param name="Environment">Environment that answered, as the platform's header says.</param>
/// <param name="Version">Model version that answered.</param>
/// <param name="Epoch">Epoch of the route under which it was admitted, e.g. <c>7</c> or <c>7+revert</c>.</param>
/// <param name="NullScore">True when the answer holds a null score.</param>
/// <param name="Error">Why there is no answer.</param>
internal readonly record struct RequestRecord(
    long Due, long Sent, long Done, int Status, string? Environment, string? Version, string? Epoch, bool NullScore, string? Error)
{
    /// <summary>The client got no answer, or one that says the server failed.</summary>
    public bool Failed => Status is 0 or >= 500;
}
