using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Validator.Persistence;
using MassTransit;

namespace BlueGreen.Validator.Baking;

/// <summary>Green is out of traffic: there is nothing left to watch, and no verdict on it may follow.</summary>
internal sealed class TrafficRevertedConsumer(IWorkQueue<ValidatorDbContext> work) : IConsumer<TrafficReverted>
{
    public Task Consume(ConsumeContext<TrafficReverted> context) =>
        work.CancelAsync<BeginBaking>(context.Message.DeploymentId.ToString(), context.CancellationToken);
}
