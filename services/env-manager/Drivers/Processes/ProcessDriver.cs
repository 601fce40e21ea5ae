using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Drivers.Processes;

/// <summary>Replicas as processes of this machine (Linux). One env-manager per machine and data directory.</summary>
internal sealed class ProcessDriver(
    ProcessLauncher launcher, ProcessKeeper keeper, ProcessStopper stopper, DataFolders folders, IOptions<EnvManagerOptions> options)
    : IEnvironmentDriver
{
    public string Name => "process";

    public Task<IReadOnlyList<Guid>> ListEnvironmentsAsync(CancellationToken cancellationToken)
    {
        var tagged = ProcessTable.All().Select(process => ReplicaTags.OwnerOf(ProcessTable.EnvironmentOf(process.Id), folders.Root));
        var noted = keeper.StillRunning().Select(replica => (Guid?)replica.EnvironmentId);
        return Task.FromResult<IReadOnlyList<Guid>>([.. tagged.Concat(noted).OfType<Guid>().Distinct()]);
    }

    public Task<IReadOnlyList<RunningReplica>> ListAsync(Guid environmentId, CancellationToken cancellationToken)
    {
        var tagged = from process in ProcessTable.All()
                     where process.Session == process.Id
                     let replica = ReplicaTags.Read(process, ProcessTable.EnvironmentOf(process.Id), folders.Root)
                     where replica is not null
                     select replica;
        IReadOnlyList<RunningReplica> found =
        [
            .. tagged.Concat(keeper.StillRunning())
                .Where(replica => replica.EnvironmentId == environmentId)
                .DistinctBy(replica => (replica.ProcessId, replica.StartedAt)),
        ];
        return Task.FromResult(found);
    }

    public bool IsRunning(RunningReplica replica) => ProcessKeeper.IsRunning(replica);

    public Task<RunningReplica> StartAsync(ReplicaLaunch launch, CancellationToken cancellationToken)
    {
        var port = launch.Port ?? FreePorts.Next();
        var log = ReplicaLog.Of(folders.Environment(launch.EnvironmentId), launch.Index);
        var id = launcher.Start(CommandLine.Fill(launch, port), log.Path, ReplicaTags.For(launch, port, folders.Root));
        var replica = new RunningReplica
        {
            EnvironmentId = launch.EnvironmentId,
            Index = launch.Index,
            Fingerprint = launch.Fingerprint,
            Port = port,
            ProcessId = id,
            // 0 when it is gone already: then nothing will ever match it, which is right.
            StartedAt = ProcessTable.Find(id)?.StartedAt ?? 0,
        };
        keeper.Write(replica);
        return Task.FromResult(replica);
    }

    public bool IsPortTaken(RunningReplica replica) => !IsRunning(replica) && !FreePorts.IsFree(replica.Port);

    public Task StopAsync(Guid environmentId, int index, CancellationToken cancellationToken) =>
        stopper.StopAsync(() => stopper.FamilyOf(environmentId, index), cancellationToken);

    public Task StopAsync(Guid environmentId, CancellationToken cancellationToken) =>
        stopper.StopAsync(() => stopper.FamilyOf(environmentId, null), cancellationToken);

    public string LastWords(Guid environmentId, int index) => ReplicaLog.Of(folders.Environment(environmentId), index).Tail();

    public string EvidencePath(Guid environmentId) => folders.PathOf(environmentId);

    public void TrimLogs(Guid environmentId)
    {
        foreach (var log in ReplicaLog.AllIn(folders.Environment(environmentId))) log.Trim(options.Value.LogLimitBytes);
    }
}
