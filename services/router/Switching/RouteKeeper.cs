namespace BlueGreen.Router.Switching;

/// <summary>
/// Puts routes on disk that are to be there soon but that nobody waits for. Apart from <see cref="RouteFollower"/>: a slow disk must not
/// hold up the next switch.
/// </summary>
internal sealed class RouteKeeper(ReplicaStanding standing, TimeProvider clock, ILogger<RouteKeeper> log) : BackgroundService
{
    /// <summary>However fast routes change, the disk is not kept busier than this.</summary>
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Until what could not be written is tried again.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var stale = standing.Stale.Next;
            CatchUp();
            try
            {
                await Task.Delay(LeastInterval, clock, stoppingToken);
                await Pulse.WaitAsync(stale, Retry, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The follower writes the last of it as it stops.
                return;
            }
        }
    }

    private void CatchUp()
    {
        try
        {
            standing.CatchUp();
        }
        catch (Exception exception)
        {
            Log.RoutesNotKept(log, exception);
        }
    }
}
