using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>What is warmed with what.</summary>
/// <param name="Command">The saga's command.</param>
/// <param name="Targets">The fleet's replicas, in its order.</param>
/// <param name="Cells">Kinds of requests, at least one.</param>
/// <param name="Concurrency">Requests in flight at a time, per replica.</param>
internal sealed record WarmupSubject(
    WarmEnvironment Command, IReadOnlyList<InferenceTarget> Targets, IReadOnlyList<WarmupCell> Cells, int Concurrency);
