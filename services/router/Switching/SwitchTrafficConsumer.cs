using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using MassTransit;

namespace BlueGreen.Router.Switching;

/// <summary>
/// First half of a switch: the compare-and-swap of the route. The receipt follows when the replicas have acknowledged. A strict switch
/// is made as a whole by the second half: the replicas must hold their requests first. So is one behind a load balancer that is not ours.
/// </summary>
internal sealed class SwitchTrafficConsumer(RouterDbContext db, IWorkQueue<RouterDbContext> work, DatabaseClock time)
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
        if (await SwitchRule.RefusalAsync(db, command, route, token) is { } reason)
        {
            await context.Publish(SwitchRule.Failed(command, reason));
            return;
        }

        if (known is null) db.Routes.Add(route);
        await work.RequestAsync(command, token);
        if (SwitchRule.IsMadeByHandler(route)) return;
        SwitchRule.Make(db, command, route, time.Now);
        await RouteAnnouncer.AnnounceWithCommitAsync(db, route, token);
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
}
