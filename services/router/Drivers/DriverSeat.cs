using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Drivers;

/// <summary>One endpoint's load balancer: looked at, and written to, by one at a time.</summary>
internal sealed class DriverSeat(
    string endpoint,
    RoutingTable table,
    DriverLook look,
    DriverNews news,
    DatabaseClock time,
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger log,
    CancellationToken stopping) : IDisposable
{
    /// <summary>A target that has yet to act on what it was told is looked at so often, for a while.</summary>
    private static readonly TimeSpan Converge = TimeSpan.FromMilliseconds(100);

    /// <summary>What another replica is to write is looked for so soon at first, and then less and less often.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);
    private const int MostLooks = 100;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private bool _again;
    private volatile DriverStatus? _status;

    /// <summary>Fires after every look.</summary>
    public Pulse Looked { get; } = new();

    /// <summary>The last look; null: there was none, or there is nothing to drive.</summary>
    public DriverStatus? Status => _status;

    /// <summary>See <see cref="DriverLook.Own"/>.</summary>
    public void Own(long version) => look.Own(version);

    /// <summary>Looks soon; what is asked for during a look is done after it, once.</summary>
    public Task TendInBackground()
    {
        lock (_gate)
        {
            if (!_running.IsCompleted)
            {
                _again = true;
                return _running;
            }

            return _running = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <param name="force">Writes over what somebody else has changed.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public async Task<DriverStatus?> TendAsync(bool force, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _status = table.Current.TryGet(endpoint, out var entry) && DriverRoute.Of(entry, options.Value, time.Now) is { } route
                ? await look.LookAsync(route, _status, force, cancellationToken)
                : null;
        }
        finally
        {
            _turn.Release();
            Looked.Fire();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task RunAsync()
    {
        var looks = 0;
        while (true)
        {
            var before = _status;
            try
            {
                await news.TellAsync(before, await TendAsync(force: false, stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.DriverBroke(log, endpoint, exception);
            }

            var pause = looks < MostLooks ? PauseAfter(looks++) : null;
            lock (_gate)
            {
                if (!_again && pause is null)
                {
                    // Inside the lock: who asks from here on begins a new run.
                    _running = Task.CompletedTask;
                    return;
                }

                if (_again) pause = null;
                _again = false;
            }

            if (pause is { } time) await Task.Delay(time, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Null: there is nothing to wait for.</returns>
    private TimeSpan? PauseAfter(int looks) => _status switch
    {
        { Standing: DriverStanding.Converging } => Converge,
        { IsLeftToOthers: true } => looks < 4 ? Soon * (1 << looks) : Converge,
        _ => null,
    };
}
