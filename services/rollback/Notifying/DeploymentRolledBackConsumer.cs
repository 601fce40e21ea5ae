using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>The rollback is complete: people are told where the evidence is and what is blocked.</summary>
internal sealed class DeploymentRolledBackConsumer(Notices notices, TimeProvider clock) : IConsumer<DeploymentRolledBack>
{
    public Task Consume(ConsumeContext<DeploymentRolledBack> context)
    {
        var news = context.Message;
        var evidence = string.IsNullOrEmpty(news.EvidencePath) ? "in quarantine" : $"in quarantine, its logs are in {news.EvidencePath}";
        return notices.TellAsync(new Notification
        {
            Event = Notification.RolledBack,
            DeploymentId = news.DeploymentId,
            Endpoint = news.Endpoint,
            IsUrgent = false,
            Text = $"{news.Model} {news.Version} was rolled back ({news.Reason}) and is {evidence}. "
                + $"`bg blocks {news.Endpoint}` says whether it can be promoted again",
            Reason = news.Reason,
            Version = news.Version,
            At = clock.GetUtcNow(),
        }, $"rolled-back:{news.DeploymentId}", context.CancellationToken);
    }
}
