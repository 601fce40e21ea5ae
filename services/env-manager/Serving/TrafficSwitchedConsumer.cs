using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.EnvManager.Serving;

internal sealed class TrafficSwitchedConsumer(RouteBook routes) : IConsumer<TrafficSwitched>
{
    public Task Consume(ConsumeContext<TrafficSwitched> context) => routes.SetAsync(
        context.Message.Endpoint, context.Message.Epoch, context.Message.EnvironmentId, context.Message.StandbyEnvironmentId,
        context.CancellationToken);
}
