namespace BlueGreen.Platform.Inference.Http;

/// <summary>A request to a replica and what came of it.</summary>
/// <param name="Status">Null when no answer arrived.</param>
/// <param name="Body">Empty when no answer arrived.</param>
/// <param name="MediaType">Of the body; null when it was not said.</param>
/// <param name="Latency">Until the last byte, or until giving up.</param>
/// <param name="Error">Null when the status is a success.</param>
internal sealed record Exchange(int? Status, ReadOnlyMemory<byte> Body, string? MediaType, TimeSpan Latency, string? Error)
{
    public bool TimedOut { get; init; }
    public bool ConnectionLost { get; init; }

    /// <summary>The reply of a request that failed.</summary>
    public InferenceReply ToFailure(string? error = null) => new()
    {
        Status = Status,
        Latency = Latency,
        TimedOut = TimedOut,
        ConnectionLost = ConnectionLost,
        Error = Error ?? error,
    };

    /// <summary>The reply with what the body predicts, or an error when it predicts nothing readable.</summary>
    public InferenceReply ToReply(Answers.Predictions? predictions, int rows, string unreadable)
    {
        if (Error is not null || predictions is null) return ToFailure(unreadable);
        var outputs = predictions.Owed(rows);
        return new InferenceReply
        {
            Status = Status,
            Latency = Latency,
            Scores = outputs[0].Scores,
            Labels = outputs[0].Labels,
            Outputs = outputs,
        };
    }
}
