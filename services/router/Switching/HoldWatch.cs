using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Ends a hold whose coordinator does not: it died, or lost the database. A replica never lets its own requests go without having read
/// the route, but it may ask the database to end the preparation, before the requests that it holds run out of time.
/// </summary>
internal sealed class HoldWatch(
    RoutingTable table, StrictCutover cutover, IOptions<RouterOptions> options, TimeProvider clock, ILogger<HoldWatch> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Between the coordinator's own limit and that of the requests.</summary>
    private TimeSpan EndAfter => (options.Value.PrepareLimit + options.Value.HoldLimit) / 2;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var next = table.Holds.Next;
                var held = table.Current.Entries.Where(entry => entry.Hold is not null).ToArray();
                foreach (var entry in held.Where(entry => entry.Hold!.Elapsed >= EndAfter)) await EndAsync(entry, stoppingToken);
                if (held.Length == 0) await next.WaitAsync(stoppingToken);
                else await Task.Delay(Look, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task EndAsync(RouteEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            Log.HoldEnded(log, entry.State.Endpoint, entry.Hold!.Elapsed.TotalMilliseconds);
            await cutover.EndAsync(entry.State.Endpoint, entry.State.Preparing!.Version, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.HoldNotEnded(log, entry.State.Endpoint, exception);
            await Task.Delay(options.Value.HoldLimit, clock, cancellationToken);
        }
    }
}
