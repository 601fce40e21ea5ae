using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.EnvManager.Serving;

internal sealed class StandbyReleasedConsumer(RouteBook routes) : IConsumer<StandbyReleased>
{
    public Task Consume(ConsumeContext<StandbyReleased> context) =>
        context.Message.ReleasedEnvironmentId is { } released
            ? routes.ReleaseAsync(context.Message.Endpoint, released, context.CancellationToken)
            : Task.CompletedTask;
}
