using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Persistence;
using BlueGreen.Platform.Work;
using MassTransit;

namespace BlueGreen.EnvManager.Quarantining;

/// <summary>
/// Keeps a rolled-back environment, running and without traffic, until its time is over. Nothing needs doing for that but remembering it.
/// </summary>
internal sealed class QuarantineEnvironmentConsumer(
    EnvManagerDbContext db,
    IWorkQueue<EnvManagerDbContext> work,
    DriverCatalog drivers,
    TimeProvider time,
    ILogger<QuarantineEnvironmentConsumer> log) : IConsumer<QuarantineEnvironment>
{
    public async Task Consume(ConsumeContext<QuarantineEnvironment> context)
    {
        var command = context.Message;
        var now = time.GetUtcNow();
        var environment = await db.Environments.FindAsync([command.EnvironmentId], context.CancellationToken);
        if (environment is null)
        {
            environment = ServingEnvironment.Tombstone(command.EnvironmentId, command.DeploymentId, command.Reason, now);
            db.Environments.Add(environment);
        }

        if (!environment.IsEnding && environment.State != EnvironmentState.Quarantined)
        {
            environment.Move(EnvironmentState.Quarantined, command.Reason);
            environment.Expire(now + command.Ttl);
            await work.CancelAsync<ProvisionEnvironment>(command.EnvironmentId.ToString(), context.CancellationToken);
            log.Quarantined(command.EnvironmentId, now + command.Ttl, command.Reason);
        }

        await context.Publish(new EnvironmentQuarantined
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            EnvironmentId = command.EnvironmentId,
            EvidencePath = drivers.Of(environment)?.EvidencePath(command.EnvironmentId) ?? "",
            // Of one that is gone there is nothing to wait for.
            Until = environment.ExpiresAt ?? now,
        });
    }
}
