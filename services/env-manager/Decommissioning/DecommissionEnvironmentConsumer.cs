using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Work;
using MassTransit;

namespace BlueGreen.EnvManager.Decommissioning;

/// <summary>Ends what is being built of the environment and asks for the rest to be torn down. What is gone already is answered at once.</summary>
internal sealed class DecommissionEnvironmentConsumer(
    EnvManagerDbContext db, IWorkQueue<EnvManagerDbContext> work, TimeProvider time) : IConsumer<DecommissionEnvironment>
{
    public async Task Consume(ConsumeContext<DecommissionEnvironment> context)
    {
        var command = context.Message;
        var environment = await db.Environments.FindAsync([command.EnvironmentId], context.CancellationToken);
        if (environment is null)
        {
            db.Environments.Add(ServingEnvironment.Tombstone(
                command.EnvironmentId, command.DeploymentId, command.Reason, time.GetUtcNow()));
        }

        if (environment is null or { State: EnvironmentState.Decommissioned })
        {
            await context.Publish(DecommissioningHandler.Decommissioned(command));
            return;
        }

        await work.CancelAsync<ProvisionEnvironment>(command.EnvironmentId.ToString(), context.CancellationToken);

        // By deployment too: an old blue may be asked for by the deployment that built it and by the one that replaced it.
        var subject = $"{command.EnvironmentId}/{command.DeploymentId}";
        await work.RequestAsync(command, subject, command.Attempt, context.CancellationToken);
    }
}
