using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>Asks for the rehearsal once the host has started.</summary>
internal sealed class RehearsalStarter<TDb>(
    Rehearsal rehearsal, IServiceStore<TDb> store, TimeProvider clock, ILogger<RehearsalStarter<TDb>> log) : BackgroundService
    where TDb : ServiceDbContext
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rehearsal.Expect(typeof(TDb));
        if (!rehearsal.TryBegin()) return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.WriteAsync(async (transaction, token) =>
                {
                    await transaction.PublishAsync(new RehearsalRequested { RehearsalId = rehearsal.Id }, token);
                    return true;
                }, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.RehearsalFailed(exception);
                await Task.Delay(Retry, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>One service's part: a consumed message that asks for work.</summary>
internal sealed class RehearsalConsumer<TDb>(IWorkQueue<TDb> work) : IConsumer<RehearsalRequested>
    where TDb : ServiceDbContext
{
    public Task Consume(ConsumeContext<RehearsalRequested> context) =>
        work.RequestAsync(context.Message, $"{context.Message.RehearsalId}", 1, context.CancellationToken);
}

/// <summary>The work itself: none.</summary>
internal sealed class RehearsalHandler<TDb>(Rehearsal rehearsal) : IWorkHandler<RehearsalRequested> where TDb : ServiceDbContext
{
    public async Task<WorkOutcome> RunAsync(RehearsalRequested command, IWorkLease lease, CancellationToken cancellationToken)
    {
        await lease.EnsureHeldAsync(cancellationToken);
        rehearsal.Handled(typeof(TDb));
        return WorkOutcome.Publish(new RehearsalDone { RehearsalId = command.RehearsalId });
    }

    public WorkOutcome GiveUp(RehearsalRequested command, string reason) => WorkOutcome.Silent;
}
