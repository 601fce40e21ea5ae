using BlueGreen.Platform.Inference;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>What one replica is warmed with; each replica walks through its own copy.</summary>
internal sealed class WarmupRequests
{
    private readonly IReadOnlyList<InferencePayload> _single;
    private readonly IReadOnlyList<InferencePayload> _batches;
    private int _next;

    private WarmupRequests(IReadOnlyList<InferencePayload> single, IReadOnlyList<InferencePayload> batches)
    {
        _single = single;
        _batches = batches;
    }

    /// <summary>False when production sends no batches, or these payloads cannot stand in one request.</summary>
    public bool HasBatches => _batches.Count > 0;

    /// <param name="payloads">The policy's payloads, or one that was made up; at least one.</param>
    /// <param name="protocol">Who can put rows together.</param>
    /// <param name="maxBatch">Rows in the largest batch.</param>
    public static WarmupRequests Of(IReadOnlyList<InferencePayload> payloads, IInferenceProtocol protocol, int maxBatch)
    {
        if (maxBatch <= 1) return new(payloads, []);
        var rows = new List<InferencePayload>();
        for (var i = 0; rows.Sum(payload => payload.Rows) < maxBatch; i++) rows.Add(payloads[i % payloads.Count]);
        return new(payloads, protocol.Concatenate(rows) is { } batch ? [batch] : []);
    }

    public WarmupRequests Copy() => new(_single, _batches);

    public InferencePayload Next(bool batch)
    {
        var from = batch ? _batches : _single;
        return from[_next++ % from.Count];
    }
}
