namespace BlueGreen.Platform.Inference;

/// <summary>Whether a replica can be sent traffic.</summary>
/// <param name="Ready">Live, ready, and ready for its model.</param>
/// <param name="Detail">Null when ready; otherwise the first thing that is not, in words.</param>
public sealed record ReplicaReadiness(bool Ready, string? Detail);
