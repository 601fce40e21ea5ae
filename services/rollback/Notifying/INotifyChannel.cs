namespace BlueGreen.Rollback.Notifying;

/// <summary>One way of telling people. A message may come twice after a crash; an exception means "try again later".</summary>
internal interface INotifyChannel
{
    /// <summary>The kind of targets that it serves.</summary>
    string Kind { get; }

    Task SendAsync(NotificationDelivery delivery, NotifyTargetOptions target, CancellationToken cancellationToken);
}
