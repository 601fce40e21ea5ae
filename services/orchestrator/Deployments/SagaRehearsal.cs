using BlueGreen.Contracts;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using Microsoft.Extensions.Options;

namespace BlueGreen.Orchestrator.Deployments;

/// <summary>
/// Sends the saga a message of a deployment that does not exist, which it ignores: what a first message costs in compilation shall not be
/// paid by a promotion.
/// </summary>
internal sealed class SagaRehearsal(
    IServiceStore<OrchestratorDbContext> store, IOptions<BusOptions> bus, TimeProvider clock, ILogger<SagaRehearsal> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.WriteAsync(async (transaction, token) =>
            {
                await WriteAndTakeBackAsync(transaction.Db, token);
                // Where every message is rehearsed, this one is among them.
                if (!bus.Value.RehearsesMessages)
                    await transaction.PublishAsync(new SlotGranted { DeploymentId = Guid.CreateVersion7() }, token);
                return true;
            }, stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Only time is lost; whoever needs the store next says what is wrong with it.
            log.RehearsalSkipped(exception);
        }
    }

    /// <summary>Rows that never leave this transaction: what remains is that their commands are compiled.</summary>
    private async Task WriteAndTakeBackAsync(OrchestratorDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var saga = new Deployment
        {
            CorrelationId = Guid.CreateVersion7(),
            CurrentState = "Rehearsal",
            PromotedAt = now,
            Artifact = new ArtifactReference { Uri = new Uri("about:blank"), Sha256 = "" },
        };
        var entry = new HistoryRow { At = now, Kind = "rehearsal", Summary = "" };
        await db.LockEndpointAsync("", cancellationToken);
        db.Add(saga);
        db.Add(entry);
        await db.SaveChangesAsync(cancellationToken);
        saga.Stages = [new StageRecord { Stage = "Rehearsal", Attempt = 1, StartedAt = now }];
        await db.SaveChangesAsync(cancellationToken);
        db.Remove(saga);
        db.Remove(entry);
        await db.SaveChangesAsync(cancellationToken);
    }
}
