using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Validator.Persistence;
using MassTransit;

namespace BlueGreen.Validator.Gates;

/// <summary>Turns the command into a work item.</summary>
internal sealed class ValidateEnvironmentConsumer(IWorkQueue<ValidatorDbContext> work) : IConsumer<ValidateEnvironment>
{
    public Task Consume(ConsumeContext<ValidateEnvironment> context) =>
        work.RequestAsync(context.Message, context.CancellationToken);
}
