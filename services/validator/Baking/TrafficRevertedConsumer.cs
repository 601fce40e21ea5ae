using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Validator.Persistence;
using MassTransit;

namespace BlueGreen.Validator.Baking;

/// <summary>Green is out of traffic: there is nothing left to watch, and no verdict on it may follow, even if the order to watch it comes only now.</summary>
internal sealed class TrafficRevertedConsumer(IWorkQueue<ValidatorDbContext> work) : IConsumer<TrafficReverted>
{
    public Task Consume(ConsumeContext<TrafficReverted> context) =>
        work.ForbidAsync<BeginBaking>(context.Message.DeploymentId.ToString(), context.CancellationToken);
}
