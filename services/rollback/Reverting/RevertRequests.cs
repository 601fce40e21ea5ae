using BlueGreen.Platform.Work;
using BlueGreen.Rollback.Persistence;

namespace BlueGreen.Rollback.Reverting;

/// <summary>Turns messages into reverts.</summary>
internal sealed class RevertRequests(IWorkQueue<RollbackDbContext> work, TimeProvider clock)
{
    /// <summary>
    /// One item per deployment. The fence is the time: whoever asks again after a refusal is tried again, and a redelivered message never
    /// comes this far, because the inbox knows it.
    /// </summary>
    public Task AskAsync(RevertTraffic order, CancellationToken cancellationToken) =>
        work.RequestAsync(order, order.DeploymentId.ToString(), clock.GetUtcNow().UtcTicks, cancellationToken);
}
