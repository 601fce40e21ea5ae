using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Rules;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Reverting;

/// <summary>Tells people of a revert that finds no router: once, while it goes on being tried.</summary>
internal sealed class RevertDelays(
    IServiceStore<RollbackDbContext> store, AlarmRules rules, IOptionsMonitor<RollbackOptions> options, TimeProvider clock)
{
    public async Task TellAsync(
        Guid deploymentId, string endpoint, DateTimeOffset since, string reason, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - since < options.CurrentValue.TellAfter) return;
        var notification = new Notification
        {
            Event = Notification.Attention,
            DeploymentId = deploymentId,
            Endpoint = endpoint,
            IsUrgent = true,
            Text = $"The revert asked for at {since:u} finds no router and goes on being tried; traffic stays where it is: {reason}",
            Reason = reason,
            At = clock.GetUtcNow(),
        };
        await store.WriteAsync(async (transaction, token) =>
        {
            // The item's fence makes it once.
            await new Notices(transaction.Work, rules).TellAsync(notification, $"delayed:{endpoint}:{since.UtcTicks}", token);
            return true;
        }, cancellationToken);
    }
}
