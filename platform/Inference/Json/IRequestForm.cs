namespace BlueGreen.Platform.Inference.Json;

/// <summary>How the requests of a protocol are written.</summary>
internal interface IRequestForm
{
    /// <summary>Reads one request as it stands in a payload file.</summary>
    PayloadReading Read(ReadOnlyMemory<byte> json);

    /// <summary>One request with the rows of all of them, in order; null when they cannot stand in one request.</summary>
    InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads);
}
