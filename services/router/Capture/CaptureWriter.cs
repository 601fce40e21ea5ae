using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Capture;

/// <summary>
/// Redacts and stores what was captured, and keeps the store within its bounds. A database that is away costs samples, never a request.
/// </summary>
internal sealed class CaptureWriter(
    IServiceStore<RouterDbContext> store, CaptureQueue queue, TimeProvider clock, ILogger<CaptureWriter> log) : BackgroundService
{
    /// <summary>Batches are collected for so long: one commit for many samples.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StoreAsync(await queue.TakeAsync(stoppingToken), stoppingToken);
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.CapturesLost(fault);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task<bool> StoreAsync(IReadOnlyList<CapturedExchange> taken, CancellationToken cancellationToken)
    {
        var rows = taken.Select(Row).OfType<CaptureRow>().ToArray();
        return store.WriteAsync(async (transaction, token) =>
        {
            transaction.Db.Captures.AddRange(rows);
            await transaction.Db.SaveChangesAsync(token);
            foreach (var endpoint in taken.GroupBy(exchange => exchange.Endpoint, StringComparer.Ordinal))
                await TrimAsync(transaction.Db, endpoint.Key, endpoint.First().Policy.Keep, token);
            return true;
        }, cancellationToken);
    }

    private static async Task TrimAsync(RouterDbContext db, string endpoint, int keep, CancellationToken cancellationToken)
    {
        var oldest = await db.Captures.Where(row => row.Endpoint == endpoint && !row.Pinned).OrderByDescending(row => row.At)
            .Skip(keep).Select(row => (DateTimeOffset?)row.At).FirstOrDefaultAsync(cancellationToken);
        if (oldest is { } limit)
            await db.Captures.Where(row => row.Endpoint == endpoint && !row.Pinned && row.At <= limit).ExecuteDeleteAsync(cancellationToken);
    }

    private static CaptureRow? Row(CapturedExchange exchange)
    {
        if (Redaction.Apply(exchange.Request, exchange.Policy.Redact) is not { } request) return null;
        return new()
        {
            Id = Guid.CreateVersion7(exchange.At),
            Endpoint = exchange.Endpoint,
            EnvironmentId = exchange.EnvironmentId,
            At = exchange.At,
            Path = exchange.Path,
            MediaType = exchange.MediaType,
            Request = request,
            Status = exchange.Status,
            Answer = exchange.Answer.Length == 0 ? null : Redaction.Apply(exchange.Answer, exchange.Policy.Redact),
            ExpiresAt = exchange.At + exchange.Policy.Ttl,
        };
    }
}
