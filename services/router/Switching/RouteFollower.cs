using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// Keeps this replica's lease and its table up to date with the database, and acknowledges what it applied. While the database is away
/// the table stays as it is: requests and reverts do not need it.
/// </summary>
internal sealed class RouteFollower(
    RoutingTable table,
    RouteReader reader,
    ReplicaRegistry registry,
    ReplicaStanding standing,
    RouteSignals signals,
    RouteAnnouncer announcer,
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger<RouteFollower> log) : BackgroundService
{
    private const int RenewalsPerLease = 3;
    private static readonly TimeSpan FirstReadLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _followed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, long> _acknowledged = new(StringComparer.Ordinal);
    private DateTimeOffset _renewedAt;
    private bool _isLost;

    /// <summary>Gives the first read a moment, so that a replica that can know the routes knows them before its first request.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Pulse.WaitAsync(_followed.Task, FirstReadLimit, clock, cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (table.Close()) await SignOffAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var change = signals.Changed.Next;
            try
            {
                await FollowAsync(stoppingToken);
                Regained();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Lost(exception);
            }

            try
            {
                await Pulse.WaitAsync(change, options.Value.PollInterval, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // Registered before the routes are read: from then on no release is made without this replica.
        if (clock.GetUtcNow() - _renewedAt >= options.Value.LeaseTtl / RenewalsPerLease)
        {
            _renewedAt = await registry.RenewAsync(standing.Name, cancellationToken);
        }

        var known = table.States().ToDictionary(state => state.Endpoint, state => state.Version, StringComparer.Ordinal);
        var changed = await reader.ReadChangedAsync(known, cancellationToken);
        var acknowledgements = table.Apply(changed);
        var appliedAt = clock.GetUtcNow();
        if (changed.Count > 0) standing.Remember();
        standing.Renewed(_renewedAt);
        foreach (var state in changed) Log.RouteApplied(log, state.Endpoint, state.Epoch, state.Version, state.Live?.EnvironmentId);
        await AcknowledgeAsync(acknowledgements, appliedAt, cancellationToken);
        _followed.TrySetResult();
    }

    private async Task AcknowledgeAsync(
        IReadOnlyList<RouteAcknowledgement> acknowledgements, DateTimeOffset appliedAt, CancellationToken cancellationToken)
    {
        var fresh = acknowledgements
            .Where(route => _acknowledged.GetValueOrDefault(route.Endpoint) != route.Version).ToArray();
        if (fresh.Length == 0) return;
        await registry.AcknowledgeAsync(standing.Name, fresh, appliedAt, cancellationToken);
        foreach (var route in fresh) _acknowledged[route.Endpoint] = route.Version;
        await announcer.AnnounceAcknowledgementAsync(standing.Name, cancellationToken);
    }

    /// <summary>
    /// The file first: a crash in between leaves a replica that refuses reverts and is waited for in vain, never one that is not waited
    /// for and accepts them.
    /// </summary>
    private async Task SignOffAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit, clock);
        try
        {
            standing.SetRegistered(false);
            await registry.RemoveAsync(standing.Name, limit.Token);
        }
        catch (Exception exception)
        {
            Log.SignOffFailed(log, exception);
            standing.SetRegistered(true);
        }
    }

    private void Lost(Exception exception)
    {
        if (!_isLost) Log.ControlPlaneLost(log, exception);
        _isLost = true;
    }

    private void Regained()
    {
        if (_isLost) Log.ControlPlaneRegained(log);
        _isLost = false;
    }
}
