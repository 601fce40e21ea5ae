using BlueGreen.Platform.Inference;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>One kind of request that is warmed on its own: a payload shape in one batch size. All replicas share it; it never changes.</summary>
/// <param name="Shape">The shape as the protocol names it.</param>
/// <param name="Batch">Rows per request, at most.</param>
/// <param name="Name">For people.</param>
/// <param name="Payloads">Sent in turn, at least one.</param>
internal sealed record WarmupCell(string Shape, int Batch, string Name, IReadOnlyList<InferencePayload> Payloads);
