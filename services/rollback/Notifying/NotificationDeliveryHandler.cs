using BlueGreen.Platform.Work;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Notifying;

/// <summary>
/// Hands a notification to its target, with the platform's retries. A target that is not configured is a mistake that waits for its mending.
/// </summary>
internal sealed class NotificationDeliveryHandler(
    IEnumerable<INotifyChannel> channels, IOptionsMonitor<RollbackOptions> options, ILogger<NotificationDeliveryHandler> log)
    : IWorkHandler<NotificationDelivery>
{
    public async Task<WorkOutcome> RunAsync(NotificationDelivery command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var target = options.CurrentValue.Targets.GetValueOrDefault(command.Target)
            ?? throw new InvalidOperationException($"there is no {RollbackOptions.Section}:Targets:{command.Target}");
        await channels.Single(channel => channel.Kind == target.Kind).SendAsync(command, target, cancellationToken);
        log.Delivered(command.Notification.Event, command.Notification.Endpoint, command.Target);
        return WorkOutcome.Silent;
    }

    public WorkOutcome GiveUp(NotificationDelivery command, string reason)
    {
        log.NotNotified(command.Notification.Endpoint, command.Notification.DeploymentId, command.Notification.Text, $"{command.Target}: {reason}");
        return WorkOutcome.Silent;
    }
}
