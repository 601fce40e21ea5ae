using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>Whether a switch may be made, and making it: one rule for the fast and the strict one.</summary>
internal static class SwitchRule
{
    /// <summary>Before the route is changed, somebody else has a say: its replicas, or the load balancer that clients call.</summary>
    public static bool IsMadeByHandler(RouteRow route) => IsTwoPhase(route) || route.Settings.Traffic.Driver is not null;

    /// <summary>A first deployment has nothing to be told apart from.</summary>
    public static bool IsTwoPhase(RouteRow route) => route.Settings.IsStrict && route.Live is not null;

    /// <summary>To be called after the row was read: a veto that comes later raises the row's version.</summary>
    /// <returns>Null when it may be made, otherwise why not.</returns>
    public static async Task<string?> RefusalAsync(
        RouterDbContext db, SwitchTraffic command, RouteRow route, CancellationToken cancellationToken)
    {
        var veto = await db.Vetoes.SingleOrDefaultAsync(row => row.DeploymentId == command.DeploymentId, cancellationToken);
        if (veto is not null)
            return $"The deployment was vetoed at {veto.RevertedAt:O} by {veto.RequestedBy} ({veto.Reason}): it is never live again.";
        if (route.Epoch != command.ExpectedEpoch)
            return $"The route of '{route.Endpoint}' stands at epoch {route.Epoch}, the switch expected epoch {command.ExpectedEpoch}.";
        return command.Fleet.Replicas.Count == 0 ? "The fleet has no replicas." : null;
    }

    public static void Make(RouterDbContext db, SwitchTraffic command, RouteRow route, DateTimeOffset now)
    {
        var standby = route.Live?.EnvironmentId;
        route.Switch(RouteTarget.Of(command), now);
        db.Switches.Add(new SwitchRow
        {
            DeploymentId = command.DeploymentId,
            Endpoint = command.Endpoint,
            EnvironmentId = command.Fleet.EnvironmentId,
            StandbyEnvironmentId = standby,
            Epoch = route.Epoch,
            Version = route.Version,
            SwitchedAt = now,
            Attempt = command.Attempt,
        });
    }

    public static SwitchingFailed Failed(SwitchTraffic command, string reason) => new()
    {
        DeploymentId = command.DeploymentId,
        Attempt = command.Attempt,
        Reason = reason,
    };
}
