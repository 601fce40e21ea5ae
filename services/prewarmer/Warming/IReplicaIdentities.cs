using BlueGreen.Contracts;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>Tells one process of a replica from the next one in its place.</summary>
internal interface IReplicaIdentities
{
    /// <summary>Anything that changes when the replica is started again; null when it cannot be told.</summary>
    Task<string?> OfAsync(WarmEnvironment command, int replica, CancellationToken cancellationToken);
}
