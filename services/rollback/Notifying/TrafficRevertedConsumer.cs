using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Traffic went back: people are told, once per deployment.</summary>
internal sealed class TrafficRevertedConsumer(Notices notices) : IConsumer<TrafficReverted>
{
    public Task Consume(ConsumeContext<TrafficReverted> context)
    {
        var news = context.Message;
        return notices.TellAsync(new Notification
        {
            Event = Notification.Reverted,
            DeploymentId = news.DeploymentId,
            Endpoint = news.Endpoint,
            IsUrgent = false,
            Text = $"Traffic went back at {news.RevertedAt:u} (epoch {news.Epoch}), asked for by {news.RequestedBy}: {news.Reason}",
            Reason = news.Reason,
            RequestedBy = news.RequestedBy,
            At = news.RevertedAt,
        }, $"reverted:{news.DeploymentId}", context.CancellationToken);
    }
}
