using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Switching;

/// <summary>Second half of a switch: tells the replicas, waits until every live one has acknowledged or the deadline is over, writes the receipt.</summary>
internal sealed class SwitchTrafficHandler(
    IServiceStore<RouterDbContext> store,
    RouteAnnouncer announcer,
    AcknowledgementWait wait,
    RouterMetrics metrics,
    IOptions<RouterOptions> options,
    ILogger<SwitchTrafficHandler> log) : IWorkHandler<SwitchTraffic>
{
    public async Task<WorkOutcome> RunAsync(SwitchTraffic command, IWorkLease lease, CancellationToken cancellationToken)
    {
        using var span = PlatformTelemetry.Source.StartActivity("switch");
        var made = await store.ReadAsync(
            (db, token) => db.Switches.SingleAsync(row => row.DeploymentId == command.DeploymentId, token), cancellationToken);
        await announcer.AnnounceAsync(command.Endpoint, cancellationToken);
        var replicas = await wait.UntilAsync(
            command.Endpoint, options.Value.LeaseTtl, made.Version, options.Value.SwitchDeadline, cancellationToken);
        var receipt = Receipt(command, made, replicas);
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
    /// The route was changed before this work began, so "failed" would be a lie that tears a live environment down. Silence: the saga's
    /// deadline asks again, and a newer attempt gets a receipt of its own.
    /// </summary>
    public WorkOutcome GiveUp(SwitchTraffic command, string reason) => WorkOutcome.Silent;

    private static TrafficSwitched Receipt(SwitchTraffic command, SwitchRow made, IReadOnlyList<ReplicaStatus> replicas)
    {
        var acknowledgements = replicas.Select(replica => new RouterAcknowledgement
        {
            Router = replica.Name,
            Milliseconds = replica.Version >= made.Version && replica.AppliedAt is { } at
                ? Math.Max(0, (at - made.SwitchedAt).TotalMilliseconds)
                : null,
        }).ToArray();
        return new TrafficSwitched
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            EnvironmentId = made.EnvironmentId,
            Epoch = made.Epoch,
            StandbyEnvironmentId = made.StandbyEnvironmentId,
            SwitchedAt = made.SwitchedAt,
            Confirmed = acknowledgements.Length > 0 && acknowledgements.All(entry => entry.Milliseconds is not null),
            ConvergenceMilliseconds = acknowledgements.Max(entry => entry.Milliseconds) ?? 0,
            Acknowledgements = acknowledgements,
        };
    }
}
