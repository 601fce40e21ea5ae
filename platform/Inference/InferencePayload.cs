namespace BlueGreen.Platform.Inference;

/// <summary>One inference request, ready to be sent.</summary>
/// <param name="Body">UTF-8 text, exactly as it will go over the wire (protocols that are not text make their own bytes of it).</param>
/// <param name="Rows">Rows (instances) in the request: as many predictions are owed.</param>
public sealed record InferencePayload(ReadOnlyMemory<byte> Body, int Rows)
{
    /// <summary>
    /// What kind of request it is, whatever its values: requests of one shape take the same way through a server, another shape may be
    /// compiled, allocated or cached anew. Rows do not count: the batch size is a dimension of its own.
    /// </summary>
    public string Shape { get; init; } = "";

    /// <summary>Media type of the body.</summary>
    public string MediaType { get; init; } = "application/json";
}

/// <summary>The outcome of reading a payload: the request, or why it is none.</summary>
/// <param name="Payload">Null when the text is not a request of the protocol.</param>
/// <param name="Error">What is wrong with it; null when nothing is.</param>
public sealed record PayloadReading(InferencePayload? Payload, string? Error);
