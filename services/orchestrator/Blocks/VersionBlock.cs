namespace BlueGreen.Orchestrator.Blocks;

/// <summary>A model version that was rolled back: no registry can promote it to the endpoint again until an operator clears it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version.</param>
/// <param name="DeploymentId">The deployment that was rolled back last.</param>
/// <param name="Reason">On whose word, and why.</param>
/// <param name="BlockedAt">Since when.</param>
internal sealed record VersionBlock(string Model, string Version, Guid DeploymentId, string Reason, DateTimeOffset BlockedAt);
