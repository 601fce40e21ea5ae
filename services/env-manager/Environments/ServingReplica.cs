namespace BlueGreen.EnvManager.Environments;

/// <summary>A replica's place in its environment: the address stays, whichever process answers there.</summary>
internal sealed class ServingReplica
{
    public required Guid EnvironmentId { get; init; }
    public required int Index { get; init; }
    public required int Port { get; set; }
    public required int ProcessId { get; set; }

    /// <summary>Answered its readiness probe when last looked at.</summary>
    public required bool Ready { get; set; }

    /// <summary>How often it was started again after it had been ready.</summary>
    public int Restarts { get; set; }
}
