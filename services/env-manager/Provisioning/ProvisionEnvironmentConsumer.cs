using BlueGreen.Contracts;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Work;
using MassTransit;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>Records the environment, before anything of it exists, and asks for it to be built.</summary>
internal sealed class ProvisionEnvironmentConsumer(
    EnvManagerDbContext db, IWorkQueue<EnvManagerDbContext> work, TimeProvider time) : IConsumer<ProvisionEnvironment>
{
    public async Task Consume(ConsumeContext<ProvisionEnvironment> context)
    {
        var command = context.Message;
        var environment = await db.Environments.FindAsync([command.EnvironmentId], context.CancellationToken);
        if (environment is { IsEnding: true } or { State: EnvironmentState.Quarantined })
        {
            await context.Publish(TooLate(command, environment));
            return;
        }

        if (environment is null) db.Environments.Add(ServingEnvironment.From(command, time.GetUtcNow()));
        else if (command.Attempt > environment.Attempt) environment.Retry(command);
        await work.RequestAsync(command, command.EnvironmentId.ToString(), command.Attempt, context.CancellationToken);
    }

    private static ProvisioningFailed TooLate(ProvisionEnvironment command, ServingEnvironment environment) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        EnvironmentId = command.EnvironmentId,
        Reason = $"The environment's end has come already: {environment.State}, {environment.Reason ?? "no reason given"}.",
        Retryable = false,
    };
}
