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
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger<RouteFollower> log) : BackgroundService
{
    private const int RenewalsPerLease = 3;
    private static readonly TimeSpan FirstReadLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    /// <summary>Polls behind announcements that are heard.</summary>
    private static readonly TimeSpan RarePoll = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _followed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, long> _acknowledged = new(StringComparer.Ordinal);
    private DateTimeOffset _renewedAt;
    private long? _renewalAsked;
    private long? _lookedThrough;
    private bool _isLost;

    private TimeSpan PollInterval =>
        signals.IsListening && options.Value.PollInterval < RarePoll && RarePoll < options.Value.LeaseTtl / RenewalsPerLease
            ? RarePoll
            : options.Value.PollInterval;

    /// <summary>
    /// Waits for the first read, or for its failure: a replica that can know the routes knows them before its first request, however slow
    /// the machine is. What its disk remembers is for when the database does not answer.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Pulse.WaitAsync(_followed.Task, FirstReadLimit, clock, cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        standing.CatchUp();
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
                await Pulse.WaitAsync(change, PollInterval, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // Whoever waits for what was heard waits for this replica.
        if (_renewalAsked is not null) await AcknowledgeAsync(cancellationToken);
        var (announced, hasMissed) = (signals.TakeChanged(), signals.TakeMissed());
        var isRenewed = await RenewAsync(cancellationToken);
        var isAll = isRenewed || hasMissed || IsPollDue();
        var mark = table.Mark;
        var changed = await ReadAsync(announced, isAll, cancellationToken);
        if (changed.Count > 0)
        {
            table.Apply(changed, mark);
            standing.Remember(now: false);
        }

        if (isRenewed) standing.Renewed(_renewedAt, _renewalAsked!.Value);
        if (isAll) standing.Followed(_lookedThrough!.Value);
        foreach (var state in changed) Log.RouteApplied(log, state.Endpoint, state.Epoch, state.Version, state.Live?.EnvironmentId);
        await AcknowledgeAsync(cancellationToken);
        _followed.TrySetResult();
    }

    /// <summary>Registered before the routes are read: from then on no release is made, and nothing switched strictly, without this replica.</summary>
    private async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        if (_renewalAsked is { } last && clock.GetElapsedTime(last) < options.Value.LeaseTtl / RenewalsPerLease) return false;
        var asked = clock.GetTimestamp();
        _renewedAt = await registry.RenewAsync(standing.Name, cancellationToken);
        _renewalAsked = asked;
        return true;
    }

    private bool IsPollDue() => _lookedThrough is not { } last || clock.GetElapsedTime(last) >= PollInterval;

    private async Task<IReadOnlyList<RouteState>> ReadAsync(IReadOnlyCollection<string> announced, bool isAll, CancellationToken cancellationToken)
    {
        if (!isAll) return announced.Count == 0 ? [] : await reader.ReadAsync(announced, cancellationToken);
        var known = table.States().ToDictionary(state => state.Endpoint, state => state.Version, StringComparer.Ordinal);
        var changed = await reader.ReadChangedAsync(known, cancellationToken);
        _lookedThrough = clock.GetTimestamp();
        return changed;
    }

    private async Task AcknowledgeAsync(CancellationToken cancellationToken)
    {
        var fresh = table.Acknowledgements().Where(route => _acknowledged.GetValueOrDefault(route.Endpoint) != route.Version).ToArray();
        if (fresh.Length == 0) return;
        // On disk first is what must hold after a restart. The rest a restart finds out again.
        if (fresh.Any(route => route.IsPromise)) standing.Remember(now: true);
        await registry.AcknowledgeAsync(standing.Name, fresh, cancellationToken);
        foreach (var route in fresh) _acknowledged[route.Endpoint] = route.Version;
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
        _followed.TrySetResult();
    }

    private void Regained()
    {
        if (_isLost) Log.ControlPlaneRegained(log);
        _isLost = false;
    }
}
