using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Drivers;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>Second half of a switch: tells the replicas, waits until every live one has acknowledged or the deadline is over, writes the receipt.</summary>
internal sealed class SwitchTrafficHandler(
    IServiceStore<RouterDbContext> store,
    RouteAnnouncer announcer,
    AcknowledgementWait wait,
    SilentReplicas silence,
    StrictCutover cutover,
    DriverCutover driverCutover,
    DriverKeeper keeper,
    DatabaseClock time,
    RouterMetrics metrics,
    IOptions<RouterOptions> options,
    ILogger<SwitchTrafficHandler> log) : IWorkHandler<SwitchTraffic>
{
    public async Task<WorkOutcome> RunAsync(SwitchTraffic command, IWorkLease lease, CancellationToken cancellationToken)
    {
        using var span = PlatformTelemetry.Source.StartActivity("switch");
        var made = await FindAsync(command, cancellationToken);
        if (made is null)
        {
            if (await MakeAsync(command, lease, cancellationToken) is { } reason)
            {
                Log.SwitchRefused(log, command.Endpoint, command.DeploymentId, reason);
                return WorkOutcome.Publish(SwitchRule.Failed(command, reason));
            }

            made = (await FindAsync(command, cancellationToken))!;
        }

        // A fast switch was announced with its commit where the database can; who heard that does nothing now.
        await announcer.AnnounceAsync(command.Endpoint, cancellationToken);
        keeper.Own(command.Endpoint, made.Version);
        var replicas = await wait.UntilAsync(
            command.Endpoint, options.Value.LeaseTtl, made.Version, options.Value.SwitchDeadline, cancellationToken);
        var silent = await silence.OfAsync(command.Endpoint, replicas, cancellationToken);
        var driver = await FollowAsync(made, cancellationToken);
        var receipt = Receipt(command, made, [.. replicas.Select(replica => Acknowledgement(made, replica)), .. silent, .. driver]);
        metrics.Switched(command.Endpoint, receipt);
        span?.SetTag("bluegreen.epoch", receipt.Epoch).SetTag("bluegreen.confirmed", receipt.Confirmed);
        Log.Switched(log, command.Endpoint, receipt.Epoch, receipt.EnvironmentId, receipt.ConvergenceMilliseconds, receipt.Confirmed);
        return WorkOutcome.Publish(receipt).AndWrite<RouterDbContext>(async (db, token) =>
        {
            var row = await db.Switches.SingleAsync(entry => entry.DeploymentId == command.DeploymentId, token);
            if (row.Attempt == command.Attempt) row.Receipt = receipt;
        });
    }

    /// <summary>
    /// The route may have been changed before this work was given up, so "failed" would be a lie that tears a live environment down.
    /// Silence: the saga's deadline asks again, and a newer attempt gets a receipt of its own.
    /// </summary>
    public WorkOutcome GiveUp(SwitchTraffic command, string reason) => WorkOutcome.Silent;

    private Task<SwitchRow?> FindAsync(SwitchTraffic command, CancellationToken cancellationToken) => store.ReadAsync(
        (db, token) => db.Switches.SingleOrDefaultAsync(row => row.DeploymentId == command.DeploymentId, token), cancellationToken);

    private async Task<string?> MakeAsync(SwitchTraffic command, IWorkLease lease, CancellationToken cancellationToken)
    {
        var isTwoPhase = await store.ReadAsync(
            async (db, token) => SwitchRule.IsTwoPhase(await db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token)), cancellationToken);
        return isTwoPhase
            ? await cutover.RunAsync(command, lease, cancellationToken)
            : await driverCutover.RunAsync(command, lease, cancellationToken);
    }

    /// <summary>The load balancer in front, where there is one, acknowledges as one more router does.</summary>
    private async Task<IReadOnlyList<RouterAcknowledgement>> FollowAsync(SwitchRow made, CancellationToken cancellationToken)
    {
        var settings = await store.ReadAsync(
            async (db, token) => (await db.Routes.SingleAsync(row => row.Endpoint == made.Endpoint, token)).Settings, cancellationToken);
        if (settings.Traffic.Driver is not { } driver) return [];
        var status = await keeper.FollowAsync(made.Endpoint, made.Version, made.DeploymentId, options.Value.DriverDeadline, cancellationToken);
        var follows = status?.Follows(made.Version, made.DeploymentId) == true;
        return
        [
            new RouterAcknowledgement
            {
                Router = $"driver:{DriverSettings.Of(driver, options.Value).Name}",
                Milliseconds = follows ? Math.Max(0, ((status!.InSyncSince ?? time.Now) - made.SwitchedAt).TotalMilliseconds) : null,
                StaleMilliseconds = follows && status!.StaleFor > TimeSpan.Zero ? status.StaleFor.TotalMilliseconds : null,
                Problem = follows ? null : status?.Problem ?? "It was not looked at in time.",
            },
        ];
    }

    private static TrafficSwitched Receipt(SwitchTraffic command, SwitchRow made, IReadOnlyList<RouterAcknowledgement> acknowledgements) =>
        new()
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            EnvironmentId = made.EnvironmentId,
            Epoch = made.Epoch,
            StandbyEnvironmentId = made.StandbyEnvironmentId,
            SwitchedAt = made.SwitchedAt,
            Confirmed = acknowledgements.Count > 0 && acknowledgements.All(entry => entry.Milliseconds is not null),
            ConvergenceMilliseconds = acknowledgements.Max(entry => entry.Milliseconds) ?? 0,
            Acknowledgements = acknowledgements,
        };

    private static RouterAcknowledgement Acknowledgement(SwitchRow made, ReplicaStatus replica)
    {
        var hasIt = replica.Version >= made.Version && replica.AppliedAt is not null;
        return new RouterAcknowledgement
        {
            Router = replica.Name,
            Milliseconds = hasIt ? Math.Max(0, (replica.AppliedAt!.Value - made.SwitchedAt).TotalMilliseconds) : null,
            HeldMilliseconds = hasIt ? replica.HeldMilliseconds : null,
        };
    }
}
