using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Traffic could not go back: people are told each time, because each time somebody wanted it to.</summary>
internal sealed class RevertRefusedConsumer(Notices notices, TimeProvider clock) : IConsumer<RevertRefused>
{
    public Task Consume(ConsumeContext<RevertRefused> context)
    {
        var news = context.Message;
        return notices.TellAsync(new Notification
        {
            Event = Notification.Refused,
            DeploymentId = news.DeploymentId,
            Endpoint = news.Endpoint,
            IsUrgent = true,
            Text = $"The revert was refused, traffic stays where it is: {news.Reason}",
            Reason = news.Reason,
            At = clock.GetUtcNow(),
        }, $"refused:{context.MessageId}", context.CancellationToken);
    }
}
