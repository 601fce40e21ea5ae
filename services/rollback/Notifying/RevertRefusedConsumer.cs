using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Rollback.Persistence;
using MassTransit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Traffic could not go back: people are told each time, because each time somebody wanted it to.</summary>
internal sealed class RevertRefusedConsumer(IWorkQueue<RollbackDbContext> work) : IConsumer<RevertRefused>
{
    public Task Consume(ConsumeContext<RevertRefused> context)
    {
        var news = context.Message;
        var notification = new Notification
        {
            DeploymentId = news.DeploymentId,
            Endpoint = news.Endpoint,
            IsUrgent = true,
            Text = $"The revert was refused, traffic stays where it is: {news.Reason}",
        };
        return work.RequestAsync(notification, $"refused:{context.MessageId}", 1, context.CancellationToken);
    }
}
