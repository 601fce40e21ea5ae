namespace BlueGreen.Rollback.Reverting;

/// <summary>
/// The way to the routers that needs neither the bus nor a database. All replicas are asked at once; neither method throws for what a
/// router answers or does not answer.
/// </summary>
internal interface IRouterReverts
{
    /// <summary>What is live, by the first router that knows a deployment that can be reverted, else by all of them.</summary>
    Task<LiveRoute> FindLiveAsync(string endpoint, CancellationToken cancellationToken);

    /// <summary>Takes the deployment out of traffic at every replica; repetition is harmless.</summary>
    Task<RevertAnswer> RevertAsync(RevertTraffic order, CancellationToken cancellationToken);

    /// <summary>Uses every connection once, so that the next call finds it open.</summary>
    /// <returns>Routers that answered.</returns>
    Task<int> KeepWarmAsync(CancellationToken cancellationToken);
}
