namespace BlueGreen.Platform.Inference;

/// <summary>What came back for one request.</summary>
public sealed record InferenceReply
{
    /// <summary>HTTP status (or the protocol's nearest equivalent); null when no answer arrived at all.</summary>
    public int? Status { get; init; }

    /// <summary>From sending the first byte to having read the last one, or to giving up.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>
    /// The predictions in order, at least one per row that was asked for. Null stands for a prediction that was owed and is not a finite
    /// number: missing, <c>null</c>, NaN, an infinity, a quoted number. Empty when the request failed.
    /// </summary>
    public IReadOnlyList<double?> Scores { get; init; } = [];

    /// <summary>True when the time allowed for one request ran out.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Why there are no predictions; null when the body was a readable answer.</summary>
    public string? Error { get; init; }

    /// <summary>An answer of the right kind arrived, whatever it predicts.</summary>
    public bool Succeeded => Error is null;

    /// <summary>How many of <see cref="Scores"/> are null.</summary>
    public int NullPredictions => Scores.Count(score => score is null);
}
