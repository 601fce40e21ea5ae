using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Something was seen that the platform must not act on: people are told at once.</summary>
internal sealed class AttentionRequiredConsumer(Notices notices) : IConsumer<AttentionRequired>
{
    public Task Consume(ConsumeContext<AttentionRequired> context)
    {
        var news = context.Message;
        return notices.TellAsync(new Notification
        {
            Event = Notification.Attention,
            DeploymentId = news.DeploymentId,
            Endpoint = news.Endpoint,
            IsUrgent = true,
            Text = news.Reason,
            Reason = news.Reason,
            At = news.At,
        }, $"attention:{context.MessageId}", context.CancellationToken);
    }
}
