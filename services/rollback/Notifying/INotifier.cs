namespace BlueGreen.Rollback.Notifying;

/// <summary>Tells people. A message may come twice after a crash; an exception means "try again later".</summary>
internal interface INotifier
{
    Task NotifyAsync(Notification notification, CancellationToken cancellationToken);
}
