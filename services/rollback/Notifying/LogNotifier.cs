namespace BlueGreen.Rollback.Notifying;

/// <summary>Writes notifications to the log, where a log-based alert can pick them up.</summary>
internal sealed class LogNotifier(ILogger<LogNotifier> log) : INotifier
{
    public Task NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        if (notification.IsUrgent) log.NotifiedUrgently(notification.Endpoint, notification.DeploymentId, notification.Text);
        else log.Notified(notification.Endpoint, notification.DeploymentId, notification.Text);
        return Task.CompletedTask;
    }
}
