using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Switching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Releasing;

/// <summary>
/// Second half of a release: waits until every registered replica has promised to refuse reverts of the deployment, then takes the
/// standby out of the route. Every step may be repeated.
/// </summary>
internal sealed class ReleaseStandbyHandler(
    IServiceStore<RouterDbContext> store,
    RouteAnnouncer announcer,
    AcknowledgementWait wait,
    IOptions<RouterOptions> options,
    TimeProvider clock,
    ILogger<ReleaseStandbyHandler> log) : IWorkHandler<ReleaseStandby>
{
    public async Task<WorkOutcome> RunAsync(ReleaseStandby command, IWorkLease lease, CancellationToken cancellationToken)
    {
        using var span = PlatformTelemetry.Source.StartActivity("release standby");
        var route = await store.ReadAsync(
            (db, token) => db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token), cancellationToken);
        var silent = Array.Empty<string>();
        if (route.Releasing == command.DeploymentId)
        {
            await announcer.AnnounceAsync(command.Endpoint, cancellationToken);
            var replicas = await wait.UntilAsync(
                command.Endpoint, options.Value.ForgetReplicaAfter, route.ReleasingVersion, options.Value.ReleaseDeadline, cancellationToken);
            silent = replicas.Where(replica => replica.Version < route.ReleasingVersion).Select(Describe).ToArray();
        }

        await lease.EnsureHeldAsync(cancellationToken);
        var outcome = await store.WriteAsync(
            (work, token) => DecideAsync(work.Db, command, route.ReleasingVersion, silent, token), cancellationToken);
        await announcer.AnnounceAsync(command.Endpoint, cancellationToken);
        return WorkOutcome.Publish(outcome);
    }

    public WorkOutcome GiveUp(ReleaseStandby command, string reason) =>
        WorkOutcome.Publish(Failed(command, reason)).AndWrite<RouterDbContext>(async (db, token) =>
        {
            var route = await db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, token);
            if (route.Releasing == command.DeploymentId) route.WithdrawRelease();
        });

    /// <summary>The one transaction in which the release is made or withdrawn. A crash after it finds the answer in the rows.</summary>
    private async Task<object> DecideAsync(
        RouterDbContext db, ReleaseStandby command, long promised, string[] silent, CancellationToken cancellationToken)
    {
        var made = await db.Switches.FindAsync([command.DeploymentId], cancellationToken);
        if (made?.Release is { } done) return done with { Attempt = command.Attempt };
        var route = await db.Routes.SingleAsync(row => row.Endpoint == command.Endpoint, cancellationToken);
        var isVetoed = await db.Vetoes.AnyAsync(row => row.DeploymentId == command.DeploymentId, cancellationToken);
        if (ReleaseRule.Refusal(command, route, isVetoed) is { } reason) return Failed(command, reason);
        if (route.Releasing != command.DeploymentId || route.ReleasingVersion != promised)
            return Failed(command, "The release was withdrawn; it may be asked for again.");
        if (silent.Length > 0)
        {
            route.WithdrawRelease();
            return Failed(command, $"These router replicas could still revert and did not answer: {string.Join(", ", silent)}.");
        }

        made!.CommittedAt = clock.GetUtcNow();
        made.Release = new StandbyReleased
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            ReleasedEnvironmentId = route.Release(command.DeploymentId),
            Epoch = route.Epoch,
        };
        Log.StandbyReleased(log, command.Endpoint, command.DeploymentId, route.Epoch);
        return made.Release;
    }

    private static string Describe(ReplicaStatus replica) => $"{replica.Name} (last heard of at {replica.RenewedAt:O})";

    private static StandbyReleaseFailed Failed(ReleaseStandby command, string reason) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Reason = reason,
    };
}
