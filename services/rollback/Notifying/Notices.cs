using BlueGreen.Platform.Work;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Persistence;
using BlueGreen.Rollback.Rules;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Turns news into notifications: for the log, and for every target that the endpoint's policy names.</summary>
internal sealed class Notices(IWorkQueue<RollbackDbContext> work, AlarmRules rules)
{
    /// <param name="notification">What happened.</param>
    /// <param name="subject">The same for repetitions of the same news, which are told once.</param>
    /// <param name="cancellationToken">Cancels the database round trips.</param>
    public async Task TellAsync(Notification notification, string subject, CancellationToken cancellationToken)
    {
        await work.RequestAsync(notification, subject, 1, cancellationToken);
        foreach (var target in rules.Of(notification.Endpoint)?.Notify ?? [])
        {
            if (target.On.Count > 0 && !target.On.Contains(notification.Event)) continue;
            var delivery = new NotificationDelivery
            {
                Id = AlarmKey.AlarmId(AlarmKey.Of(target.SecretRef, notification.Endpoint, subject)).ToString(),
                Target = target.SecretRef,
                Notification = notification,
            };
            await work.RequestAsync(delivery, $"{target.SecretRef}:{subject}", 1, cancellationToken);
        }
    }
}
