using BlueGreen.Platform.Work;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Hands a notification to every notifier.</summary>
internal sealed class NotificationHandler(IEnumerable<INotifier> notifiers, ILogger<NotificationHandler> log) : IWorkHandler<Notification>
{
    public async Task<WorkOutcome> RunAsync(Notification command, IWorkLease lease, CancellationToken cancellationToken)
    {
        foreach (var notifier in notifiers) await notifier.NotifyAsync(command, cancellationToken);
        return WorkOutcome.Silent;
    }

    public WorkOutcome GiveUp(Notification command, string reason)
    {
        log.NotNotified(command.Endpoint, command.DeploymentId, command.Text, reason);
        return WorkOutcome.Silent;
    }
}
