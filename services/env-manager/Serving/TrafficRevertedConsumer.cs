using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.EnvManager.Serving;

/// <summary>After a revert there is no way back: the reverted environment is vetoed for ever, so there is no standby.</summary>
internal sealed class TrafficRevertedConsumer(RouteBook routes) : IConsumer<TrafficReverted>
{
    public Task Consume(ConsumeContext<TrafficReverted> context) => routes.SetAsync(
        context.Message.Endpoint, context.Message.Epoch, context.Message.LiveEnvironmentId, null, context.CancellationToken);
}
