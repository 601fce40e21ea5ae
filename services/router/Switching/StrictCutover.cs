using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>
/// A switch in two phases (docs/adr/0014): every replica with a lease holds its new requests and acknowledges, then the route is changed,
/// then they are released. Each step is a compare-and-swap on the route's version, so that of several coordinators (one that was thought
/// dead, its successor, a replica that ends a hold which takes too long) only one gets anywhere.
/// </summary>
internal sealed class StrictCutover(
    IServiceStore<RouterDbContext> store,
    RouteAnnouncer announcer,
    AcknowledgementWait wait,
    SilentReplicas silence,
    DatabaseClock time,
    IOptions<RouterOptions> options,
    TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the switch, or says why it is not made. Where it gives up itself, the deployment is vetoed: no other coordinator may succeed later.</summary>
    /// <returns>Null: made.</returns>
    public async Task<string?> RunAsync(SwitchTraffic command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            await lease.EnsureHeldAsync(cancellationToken);
            var (version, silent, refusal) = await PrepareAsync(command, cancellationToken);
            if (refusal is not null) return refusal;
            if (silent.Length == 0)
            {
                await announcer.AnnounceAsync(command.Endpoint, cancellationToken);
                var replicas = await wait.UntilAsync(
                    command.Endpoint, options.Value.LeaseTtl, version, options.Value.PrepareLimit, cancellationToken);
                silent = [.. replicas.Where(replica => replica.Version < version).Select(replica => replica.Name)];
                if (replicas.Count > 0 && silent.Length == 0 && await TryCommitAsync(command, version, cancellationToken)) return null;
                await EndAsync(command.Endpoint, version, cancellationToken);
            }

            if (clock.GetElapsedTime(started) > options.Value.StrictDeadline)
                return await GiveUpAsync(command, silent, lease, cancellationToken);
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>Ends a hold, if it is still the one that this version began.</summary>
    public async Task EndAsync(string endpoint, long version, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(async (work, token) =>
            {
                var route = await work.Db.Routes.SingleAsync(row => row.Endpoint == endpoint, token);
                if (route.Preparing?.Version == version) route.EndPreparation();
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else changed the route: what it is now, the replicas read.
        }

        await announcer.AnnounceAsync(endpoint, cancellationToken);
    }

    /// <returns>Who is silent, instead of a preparation: nobody's requests are held for a switch that cannot be made yet.</returns>
    private Task<(long Version, string[] Silent, string? Refusal)> PrepareAsync(SwitchTraffic command, CancellationToken cancellationToken) =>
        store.WriteAsync<(long, string[], string?)>(async (work, token) =>
        {
            var route = await work.Db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token);
            if (await SwitchRule.RefusalAsync(work.Db, command, route, token) is { } refusal) return (0, [], refusal);
            if (await silence.UnfencedAsync(work.Db, route, token) is { Length: > 0 } silent) return (0, silent, null);
            route.Prepare(command.DeploymentId);
            return (route.Version, [], null);
        }, cancellationToken);

    private async Task<bool> TryCommitAsync(SwitchTraffic command, long version, CancellationToken cancellationToken)
    {
        try
        {
            return await store.WriteAsync(async (work, token) =>
            {
                var route = await work.Db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token);
                if (route.Version != version || await SwitchRule.RefusalAsync(work.Db, command, route, token) is not null) return false;
                SwitchRule.Make(work.Db, command, route, time.Now);
                await RouteAnnouncer.AnnounceWithCommitAsync(work.Db, route, token);
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    private async Task<string> GiveUpAsync(
        SwitchTraffic command, string[] silent, IWorkLease lease, CancellationToken cancellationToken)
    {
        await lease.EnsureHeldAsync(cancellationToken);
        var reason = silent.Length == 0
            ? $"No strict cutover came about within {options.Value.StrictDeadline.TotalSeconds:0.#} s."
            : $"These router replicas did not hold their requests within {options.Value.StrictDeadline.TotalSeconds:0.#} s: {string.Join(", ", silent)}.";
        return await store.WriteAsync(async (work, token) =>
        {
            var route = await work.Db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token);
            if (await SwitchRule.RefusalAsync(work.Db, command, route, token) is { } refusal) return refusal;
            var now = time.Now;
            work.Db.Vetoes.Add(new VetoRow
            {
                DeploymentId = command.DeploymentId,
                Endpoint = command.Endpoint,
                Reason = reason,
                RequestedBy = "router",
                RevertedAt = now,
                Replica = "",
            });
            route.Revert(command.DeploymentId, now);
            return reason;
        }, cancellationToken);
    }
}
