namespace BlueGreen.EnvManager.Drivers;

/// <summary>A replica that the driver found or started.</summary>
internal sealed record RunningReplica
{
    public required Guid EnvironmentId { get; init; }
    public required int Index { get; init; }

    /// <summary>What it was built from; a replica of another fingerprint is not adopted but replaced.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Port it was told to listen on.</summary>
    public required int Port { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>When it started, in the driver's own unit: with the id it says which process is meant, as ids are used again.</summary>
    public required long StartedAt { get; init; }
}
