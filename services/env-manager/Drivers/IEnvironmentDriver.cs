namespace BlueGreen.EnvManager.Drivers;

/// <summary>
/// Where replicas run. The driver's own view of the world (process table, container engine, cluster) is the truth about what runs:
/// everything it starts is tagged, so that it can be found again whatever was lost.
/// </summary>
internal interface IEnvironmentDriver
{
    /// <summary>The name policies use: <c>process</c>, <c>docker</c>, …</summary>
    string Name { get; }

    /// <summary>The environments of this installation of which anything at all still runs, known or not.</summary>
    Task<IReadOnlyList<Guid>> ListEnvironmentsAsync(CancellationToken cancellationToken);

    /// <summary>The environment's replicas that run now, whoever started them.</summary>
    Task<IReadOnlyList<RunningReplica>> ListAsync(Guid environmentId, CancellationToken cancellationToken);

    /// <summary>True while this very replica runs: not a successor with the same number or process id. Cheap.</summary>
    bool IsRunning(RunningReplica replica);

    /// <summary>Starts one replica; returns when it exists, not when it is ready. One that cannot even start shows in its log.</summary>
    Task<RunningReplica> StartAsync(ReplicaLaunch launch, CancellationToken cancellationToken);

    /// <summary>True when somebody else holds the port that the replica was to listen on.</summary>
    bool IsPortTaken(RunningReplica replica);

    /// <summary>Stops whatever carries the replica's tag and returns when it is gone; nothing to stop is fine.</summary>
    Task StopAsync(Guid environmentId, int index, CancellationToken cancellationToken);

    /// <summary>Stops whatever carries the environment's tag and returns when it is gone; nothing to stop is fine.</summary>
    Task StopAsync(Guid environmentId, CancellationToken cancellationToken);

    /// <summary>The last lines of the replica's output, at most about 1,500 characters; empty when there is none.</summary>
    string LastWords(Guid environmentId, int index);

    /// <summary>Where logs (and later samples) of the environment are kept.</summary>
    string EvidencePath(Guid environmentId);

    /// <summary>Keeps logs within their limit.</summary>
    void TrimLogs(Guid environmentId);
}
