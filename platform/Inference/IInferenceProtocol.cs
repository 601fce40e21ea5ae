namespace BlueGreen.Platform.Inference;

/// <summary>
/// One way of talking to model servers. Implementations are stateless and safe for concurrent use; a server that is down, slow or
/// talks nonsense is data in the reply, never an exception.
/// </summary>
public interface IInferenceProtocol
{
    /// <summary>The name policies use, e.g. <c>open-inference-v2</c>.</summary>
    string Name { get; }

    /// <summary>Asks one replica whether it is live, ready, and ready to answer for its model.</summary>
    Task<ReplicaReadiness> ProbeAsync(InferenceTarget target, CancellationToken cancellationToken);

    /// <summary>Sends one request and reads the scores out of the answer.</summary>
    Task<InferenceReply> InferAsync(
        InferenceTarget target, InferencePayload payload, CancellationToken cancellationToken);

    /// <summary>A one-row request built from what the replica says about its model's inputs; null when it does not say enough.</summary>
    Task<InferencePayload?> SynthesizeAsync(InferenceTarget target, CancellationToken cancellationToken);

    /// <summary>Asks one replica what its model takes and gives.</summary>
    Task<ModelDeclaration> DescribeAsync(InferenceTarget target, CancellationToken cancellationToken) =>
        Task.FromResult(new ModelDeclaration(null, $"'{Name}' has no model metadata", IsOffered: false));

    /// <summary>Reads one request as it stands in a payload file; what the protocol does not know is passed on untouched.</summary>
    PayloadReading ReadPayload(ReadOnlyMemory<byte> json);

    /// <summary>One request with the rows of all of them, in order; null when they cannot stand in one request.</summary>
    InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads);
}
