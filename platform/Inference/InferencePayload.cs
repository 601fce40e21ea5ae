namespace BlueGreen.Platform.Inference;

/// <summary>One inference request, ready to be sent.</summary>
/// <param name="Body">JSON, UTF-8, exactly as it will go over the wire.</param>
/// <param name="Rows">Rows (instances) in the request: as many predictions are owed.</param>
public sealed record InferencePayload(ReadOnlyMemory<byte> Body, int Rows);

/// <summary>The outcome of reading a payload: the request, or why it is none.</summary>
/// <param name="Payload">Null when the text is not a request of the protocol.</param>
/// <param name="Error">What is wrong with it; null when nothing is.</param>
public sealed record PayloadReading(InferencePayload? Payload, string? Error);
