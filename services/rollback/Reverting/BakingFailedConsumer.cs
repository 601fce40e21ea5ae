using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Rollback.Reverting;

/// <summary>A bake metric broke its limit. Heard here directly: the revert does not wait for the saga, and no alarm rule is asked.</summary>
internal sealed class BakingFailedConsumer(RevertRequests reverts) : IConsumer<BakingFailed>
{
    private const string Requester = "bake";

    public Task Consume(ConsumeContext<BakingFailed> context) => reverts.AskAsync(
        new RevertTraffic
        {
            DeploymentId = context.Message.DeploymentId,
            Endpoint = context.Message.Endpoint,
            Reason = context.Message.Reason,
            RequestedBy = Requester,
        },
        context.CancellationToken);
}
