using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Rollback.Reverting;

/// <summary>Somebody, or the saga, asks for a rollback.</summary>
internal sealed class RollbackRequestedConsumer(RevertRequests reverts) : IConsumer<RollbackRequested>
{
    public Task Consume(ConsumeContext<RollbackRequested> context) => reverts.AskAsync(
        new RevertTraffic
        {
            DeploymentId = context.Message.DeploymentId,
            Endpoint = context.Message.Endpoint,
            Reason = context.Message.Reason,
            RequestedBy = context.Message.RequestedBy,
        },
        context.CancellationToken);
}
