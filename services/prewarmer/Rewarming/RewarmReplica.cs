using BlueGreen.Contracts;

namespace BlueGreen.Prewarmer.Rewarming;

/// <summary>Warm one replica that was started again, and keep requests from it until then.</summary>
/// <param name="Warmup">How its environment was warmed.</param>
/// <param name="Index">Which replica.</param>
internal sealed record RewarmReplica(WarmEnvironment Warmup, int Index);
