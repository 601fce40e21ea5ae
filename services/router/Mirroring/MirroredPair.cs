namespace BlueGreen.Router.Mirroring;

/// <summary>What two environments said to the same request.</summary>
internal sealed record MirroredPair
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Status of the answer that the client got.</summary>
    public required int LiveStatus { get; init; }

    /// <summary>Status of the copy's answer; 0: it got none.</summary>
    public required int MirrorStatus { get; init; }
    public required double MirrorMilliseconds { get; init; }

    /// <summary>Whether the request asked for predictions whose answers can be read in passing.</summary>
    public bool IsPrediction { get; init; }

    /// <summary>The first scores (at most 16) of the answer's judged output; null where one was null or not finite; empty: it could not be read.</summary>
    public required IReadOnlyList<double?> Live { get; init; }
    public required IReadOnlyList<double?> Mirror { get; init; }
}
