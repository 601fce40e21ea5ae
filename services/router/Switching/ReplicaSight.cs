using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// What this replica sees of itself and the others: how old its own knowledge is, and who has been silent for longer than a lease. Says so
/// again and again while it lasts, for an endpoint that serves last may be answered with a superseded version meanwhile.
/// </summary>
internal sealed class ReplicaSight(
    ReplicaRegistry registry, ReplicaStanding standing, DatabaseClock time, IOptions<RouterOptions> options, TimeProvider clock, ILogger<ReplicaSight> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _said = new(StringComparer.Ordinal);
    private readonly long _startedAt = clock.GetTimestamp();
    private volatile IReadOnlyDictionary<string, DateTimeOffset> _renewals = new Dictionary<string, DateTimeOffset>();

    /// <summary>How long ago this replica's routes were last known to be the database's.</summary>
    public TimeSpan Behind => standing.FollowedAt is { } followed ? clock.GetElapsedTime(followed) : clock.GetElapsedTime(_startedAt);

    /// <summary>Every replica, and how long ago it renewed its lease.</summary>
    public IEnumerable<(string Replica, TimeSpan Silence)> Silences => _renewals.Select(replica => (replica.Key, time.Now - replica.Value));

    /// <summary>Replicas that hold a lease as far as this one knows, itself not always among them.</summary>
    public IEnumerable<string> Alive => Silences.Where(seen => seen.Silence <= options.Value.LeaseTtl).Select(seen => seen.Replica);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            _renewals = await registry.AllAsync(cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The follower says that the database is away; what was seen last grows old by itself.
            return;
        }

        foreach (var (replica, silence) in Silences.Where(seen => seen.Silence > options.Value.LeaseTtl && seen.Silence < options.Value.ForgetReplicaAfter))
        {
            if (_said.TryGetValue(replica, out var last) && clock.GetElapsedTime(last) < Repeat) continue;
            _said[replica] = clock.GetTimestamp();
            Log.ReplicaSilent(log, replica, silence.TotalSeconds);
        }
    }
}
