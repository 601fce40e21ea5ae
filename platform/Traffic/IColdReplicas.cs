namespace BlueGreen.Platform.Traffic;

/// <summary>Keeps requests from replicas that are not warm.</summary>
public interface IColdReplicas
{
    /// <summary>From now on other replicas are asked, where there are any that are well; the routers end it by themselves after a while.</summary>
    Task HoldAsync(string endpoint, Guid environmentId, int index, CancellationToken cancellationToken);

    /// <summary>The replica is one like the others again.</summary>
    Task ReleaseAsync(string endpoint, Guid environmentId, int index, CancellationToken cancellationToken);
}
