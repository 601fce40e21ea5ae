using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Validator.Persistence;
using MassTransit;

namespace BlueGreen.Validator.Baking;

/// <summary>Turns the command into a work item that lasts as long as the bake.</summary>
internal sealed class BeginBakingConsumer(IWorkQueue<ValidatorDbContext> work) : IConsumer<BeginBaking>
{
    public Task Consume(ConsumeContext<BeginBaking> context) =>
        work.RequestAsync(context.Message, context.CancellationToken);
}
