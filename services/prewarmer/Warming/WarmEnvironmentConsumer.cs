using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Prewarmer.Persistence;
using MassTransit;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>Turns the command into a work item: warming outlasts any delivery.</summary>
internal sealed class WarmEnvironmentConsumer(IWorkQueue<PrewarmerDbContext> work) : IConsumer<WarmEnvironment>
{
    public Task Consume(ConsumeContext<WarmEnvironment> context) =>
        work.RequestAsync(context.Message, context.CancellationToken);
}
