using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Endpoints;

/// <summary>
/// Says again, at start and then every minute, which endpoints there are: a service that is started for the first time after a policy
/// was stored had no queue yet to hear of it. Receivers keep the highest revision, so that repetition is harmless.
/// </summary>
internal sealed class EndpointAnnouncer(IServiceStore<OrchestratorDbContext> store, TimeProvider clock, ILogger<EndpointAnnouncer> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await AnnounceAsync(stoppingToken);
                await Task.Delay(Interval, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.AnnouncementFailed(exception);
                await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task<int> AnnounceAsync(CancellationToken cancellationToken) => store.WriteAsync(async (transaction, token) =>
    {
        var rows = await transaction.Db.Endpoints.AsNoTracking().ToListAsync(token);
        foreach (var row in rows)
            await transaction.PublishAsync(PolicyJson.Read(row.PolicyJson).ToEndpointConfigured(row.PolicyHash, row.Revision), token);
        return rows.Count;
    }, cancellationToken);
}
