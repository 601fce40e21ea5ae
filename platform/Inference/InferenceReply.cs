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
    /// number: missing, <c>null</c>, NaN, an infinity, a quoted number. Empty when the request failed, or when the model predicts labels.
    /// </summary>
    public IReadOnlyList<double?> Scores { get; init; } = [];

    /// <summary>The predictions of a model that answers in words; null stands for a missing or empty one. Empty when it answers in numbers.</summary>
    public IReadOnlyList<string?> Labels { get; init; } = [];

    /// <summary>Every output of the model by name, the one that <see cref="Scores"/> or <see cref="Labels"/> are of first.</summary>
    public IReadOnlyList<PredictedOutput> Outputs { get; init; } = [];

    /// <summary>When the tokens came; null unless the answer was a stream of them.</summary>
    public TokenTimings? Tokens { get; init; }

    /// <summary>True when the time allowed for one request ran out.</summary>
    public bool TimedOut { get; init; }

    /// <summary>True when no answer came because the connection was refused or lost: the server may be another one by now.</summary>
    public bool ConnectionLost { get; init; }

    /// <summary>Why there are no predictions; null when the body was a readable answer.</summary>
    public string? Error { get; init; }

    /// <summary>An answer of the right kind arrived, whatever it predicts.</summary>
    public bool Succeeded => Error is null;

    /// <summary>How many predictions are null.</summary>
    public int NullPredictions => Scores.Count(score => score is null) + Labels.Count(label => label is null);
}

/// <summary>When the tokens of a streamed answer came.</summary>
/// <param name="First">From sending the request to the first token.</param>
/// <param name="PerToken">Mean time between two tokens after the first; zero when there was only one.</param>
/// <param name="Count">Tokens, as the server counts them if it does, otherwise pieces of text.</param>
public sealed record TokenTimings(TimeSpan First, TimeSpan PerToken, int Count);
