using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Rollback.Persistence;
using MassTransit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Traffic went back: people are told, once per deployment.</summary>
internal sealed class TrafficRevertedConsumer(IWorkQueue<RollbackDbContext> work) : IConsumer<TrafficReverted>
{
    public Task Consume(ConsumeContext<TrafficReverted> context)
    {
        var news = context.Message;
        var notification = new Notification
        {
            DeploymentId = news.DeploymentId,
            Endpoint = news.Endpoint,
            IsUrgent = false,
            Text = $"Traffic went back at {news.RevertedAt:u} (epoch {news.Epoch}), asked for by {news.RequestedBy}: {news.Reason}",
        };
        return work.RequestAsync(notification, $"reverted:{news.DeploymentId}", 1, context.CancellationToken);
    }
}
