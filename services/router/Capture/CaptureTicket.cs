using BlueGreen.Contracts;

namespace BlueGreen.Router.Capture;

/// <summary>A request that is being captured.</summary>
internal sealed class CaptureTicket(
    string endpoint, Guid environmentId, CapturePolicy policy, HttpRequest request, CopiedBody body, DateTimeOffset at, CaptureQueue queue)
{
    private readonly string _path = request.Path.Value ?? "";
    private readonly string _mediaType = MediaTypeOf(request);
    private int _over;

    /// <summary>Text that can be redacted and sent again: JSON, or CSV.</summary>
    public static bool CanRead(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0
        && MediaTypeOf(request) is { } type && (type.EndsWith("json", StringComparison.OrdinalIgnoreCase) || type == "text/csv");

    /// <summary>The answer is complete, or could not be read.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="answer">Its body; empty when it was not read. Copied: it is not the caller's after this.</param>
    public void Complete(int status, ReadOnlyMemory<byte> answer)
    {
        if (Interlocked.Exchange(ref _over, 1) == 1 || body.Copy() is not { } bytes) return;
        queue.Offer(new CapturedExchange
        {
            Endpoint = endpoint,
            EnvironmentId = environmentId,
            Policy = policy,
            At = at,
            Path = _path,
            MediaType = _mediaType,
            Request = bytes,
            Status = status,
            Answer = answer.Length > policy.MaxBytes ? [] : answer.ToArray(),
        });
    }

    /// <summary>Clients that send JSON without saying so mean JSON.</summary>
    private static string MediaTypeOf(HttpRequest request) =>
        request.ContentType?.Split(';', 2)[0].Trim() is { Length: > 0 } type && type != "application/x-www-form-urlencoded"
            ? type
            : "application/json";
}

/// <summary>A request and its answer as they went over the wire, on their way to be redacted and stored.</summary>
internal sealed record CapturedExchange
{
    public required string Endpoint { get; init; }
    public required Guid EnvironmentId { get; init; }
    public required CapturePolicy Policy { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Path { get; init; }
    public required string MediaType { get; init; }
    public required byte[] Request { get; init; }
    public required int Status { get; init; }
    public required byte[] Answer { get; init; }
}
