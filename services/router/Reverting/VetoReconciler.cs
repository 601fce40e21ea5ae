using System.Diagnostics;
using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Switching;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Reverting;

/// <summary>
/// Tells the database of the vetoes taken here, for as long as it takes: veto row, new epoch and <see cref="TrafficReverted"/> in one
/// transaction, of which the row's key lets only one succeed per deployment, whichever replica it is.
/// </summary>
internal sealed class VetoReconciler(
    IServiceStore<RouterDbContext> store,
    VetoJournal journal,
    RoutingTable table,
    ReplicaStanding standing,
    RouteAnnouncer announcer,
    TimeProvider clock,
    ILogger<VetoReconciler> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly Pulse _wakes = new();

    /// <summary>What the database has and this replica's copy of the routes may not have yet: the route's version.</summary>
    private readonly Dictionary<Guid, long> _recorded = [];

    public void Wake() => _wakes.Fire();

    /// <summary>Records a veto of a route that is made for it, and takes both back.</summary>
    public Task RehearseAsync(CancellationToken cancellationToken)
    {
        var veto = SampleMessage.Of<Veto>();
        var route = new RouteRow { Endpoint = veto.Endpoint, Path = veto.Endpoint };
        route.Switch(SampleMessage.Of<RouteTarget>() with { DeploymentId = veto.DeploymentId }, clock.GetUtcNow());
        return store.RehearseAsync(async (work, token) =>
        {
            work.Db.Routes.Add(route);
            await work.Db.SaveChangesAsync(token);
            work.Db.ChangeTracker.Clear();
            await RecordAsync(work, veto, token);
        }, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wake = _wakes.Next;
            var isDone = true;
            foreach (var veto in journal.Pending) isDone &= await TrySettleAsync(veto, stoppingToken);
            await (isDone ? wake.WaitAsync(stoppingToken) : Pulse.WaitAsync(wake, Retry, clock, stoppingToken))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The journal keeps a veto until the routes on this disk have it too: a restart in between would serve what was reverted.</summary>
    private async Task<bool> TrySettleAsync(Veto veto, CancellationToken cancellationToken)
    {
        try
        {
            if (!_recorded.TryGetValue(veto.DeploymentId, out var version))
            {
                using var span = PlatformTelemetry.Source.StartActivity("reconcile revert", ActivityKind.Internal, veto.TraceParent);
                var recorded = await store.WriteAsync((work, token) => RecordAsync(work, veto, token), cancellationToken);
                if (recorded is null) table.Forget(veto.DeploymentId);
                _recorded[veto.DeploymentId] = version = recorded ?? 0;
                await announcer.AnnounceAsync(veto.Endpoint, cancellationToken);
            }

            if (!standing.TryRemember(veto.Endpoint, version)) return false;
            await journal.SettleAsync(veto.DeploymentId);
            _recorded.Remove(veto.DeploymentId);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            Log.ReconciliationFailed(log, veto.DeploymentId, exception);
            return false;
        }
    }

    /// <returns>
    /// The version of the route that has the veto, 0 without a route; null when the deployment was committed before: then there is nothing
    /// to take back.
    /// </returns>
    private async Task<long?> RecordAsync(ServiceTransaction<RouterDbContext> work, Veto veto, CancellationToken cancellationToken)
    {
        var db = work.Db;
        var route = await db.Routes.FindAsync([veto.Endpoint], cancellationToken);
        if (await db.Vetoes.AnyAsync(row => row.DeploymentId == veto.DeploymentId, cancellationToken)) return route?.Version ?? 0;
        if (await db.Switches.AnyAsync(row => row.DeploymentId == veto.DeploymentId && row.CommittedAt != null, cancellationToken))
            return null;
        if (!await TryAddAsync(db, veto, cancellationToken))
        {
            // The other one's commit has changed the route since it was read.
            if (route is not null) await db.Entry(route).ReloadAsync(cancellationToken);
            return route?.Version ?? 0;
        }

        route?.Revert(veto.DeploymentId, veto.RevertedAt);
        await work.PublishAsync(new TrafficReverted
        {
            DeploymentId = veto.DeploymentId,
            Endpoint = veto.Endpoint,
            Epoch = route?.Epoch ?? 0,
            LiveEnvironmentId = route?.Live?.EnvironmentId,
            Reason = veto.Reason,
            RequestedBy = veto.RequestedBy,
            RevertedAt = veto.RevertedAt,
        }, cancellationToken);
        return route?.Version ?? 0;
    }

    /// <summary>Another replica that takes the same veto at the same time waits for the first one's commit, and then has nothing to add.</summary>
    private async Task<bool> TryAddAsync(RouterDbContext db, Veto veto, CancellationToken cancellationToken)
    {
        var isPostgres = db.Database.IsNpgsql();
        var table = isPostgres ? $"\"{db.Schema}\".vetoes" : $"{db.Schema}_vetoes";
        var sql = $"INSERT INTO {table} (deployment_id, endpoint, reason, requested_by, reverted_at, replica) "
            + "VALUES ({0}, {1}, {2}, {3}, {4}, {5}) ON CONFLICT DO NOTHING";
        object reverted = isPostgres ? veto.RevertedAt.ToUniversalTime() : veto.RevertedAt.UtcDateTime;
        return await db.Database.ExecuteSqlRawAsync(
            sql, [veto.DeploymentId, veto.Endpoint, veto.Reason, veto.RequestedBy, reverted, standing.Name], cancellationToken) == 1;
    }
}
