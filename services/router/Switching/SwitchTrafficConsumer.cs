using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>First half of a switch: the compare-and-swap of the route. The receipt follows when the replicas have acknowledged.</summary>
internal sealed class SwitchTrafficConsumer(RouterDbContext db, IWorkQueue<RouterDbContext> work, TimeProvider clock)
    : IConsumer<SwitchTraffic>
{
    public async Task Consume(ConsumeContext<SwitchTraffic> context)
    {
        var command = context.Message;
        var token = context.CancellationToken;
        if (await db.Switches.FindAsync([command.DeploymentId], token) is { } made)
        {
            await RepeatAsync(context, made);
            return;
        }

        // The row first, the vetoes after it: a veto that comes later raises the row's version and this transaction starts over.
        // Without a row yet the policy has not been heard of: until then the path is the endpoint's name.
        var known = await db.Routes.FindAsync([command.Endpoint], token);
        var route = known ?? new RouteRow { Endpoint = command.Endpoint, Path = "/" + command.Endpoint };
        if (await RefusalAsync(command, route, token) is { } reason)
        {
            await context.Publish(new SwitchingFailed
            {
                DeploymentId = command.DeploymentId,
                Attempt = command.Attempt,
                Reason = reason,
            });
            return;
        }

        if (known is null) db.Routes.Add(route);
        Switch(command, route);
        await work.RequestAsync(command, token);
    }

    /// <summary>The same attempt gets the same receipt; a newer attempt of a switch that was made gets one of its own.</summary>
    private async Task RepeatAsync(ConsumeContext<SwitchTraffic> context, SwitchRow made)
    {
        var command = context.Message;
        if (command.Attempt < made.Attempt) return;
        if (command.Attempt == made.Attempt && made.Receipt is not null)
        {
            await context.Publish(made.Receipt);
            return;
        }

        made.Attempt = command.Attempt;
        await work.RequestAsync(command, context.CancellationToken);
    }

    private async Task<string?> RefusalAsync(SwitchTraffic command, RouteRow route, CancellationToken cancellationToken)
    {
        var veto = await db.Vetoes.SingleOrDefaultAsync(row => row.DeploymentId == command.DeploymentId, cancellationToken);
        if (veto is not null)
            return $"The deployment was vetoed at {veto.RevertedAt:O} by {veto.RequestedBy} ({veto.Reason}): it is never live again.";
        if (route.Epoch != command.ExpectedEpoch)
            return $"The route of '{route.Endpoint}' stands at epoch {route.Epoch}, the switch expected epoch {command.ExpectedEpoch}.";
        return command.Fleet.Replicas.Count == 0 ? "The fleet has no replicas." : null;
    }

    private void Switch(SwitchTraffic command, RouteRow route)
    {
        var now = clock.GetUtcNow();
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
}
