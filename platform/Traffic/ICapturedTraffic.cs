namespace BlueGreen.Platform.Traffic;

/// <summary>Live requests that the routers kept. Reading them leaves an entry in the history.</summary>
public interface ICapturedTraffic
{
    /// <summary>Requests that were answered well, newest first; none when nothing is kept or no router could be asked.</summary>
    /// <param name="endpoint">Whose.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="readBy">The service that asks.</param>
    /// <param name="purpose">What for, in words.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<CapturedRequest>> ReadAsync(
        string endpoint, int count, string readBy, string purpose, CancellationToken cancellationToken);
}

/// <param name="MediaType">Of the body.</param>
/// <param name="Body">As it was sent, redacted.</param>
public sealed record CapturedRequest(string MediaType, string Body);
