using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Releasing;

/// <summary>First half of a release: marks it, so that every replica that reads the route refuses reverts (docs/adr/0008).</summary>
internal sealed class ReleaseStandbyConsumer(RouterDbContext db, IWorkQueue<RouterDbContext> work) : IConsumer<ReleaseStandby>
{
    public async Task Consume(ConsumeContext<ReleaseStandby> context)
    {
        var command = context.Message;
        var token = context.CancellationToken;
        var made = await db.Switches.FindAsync([command.DeploymentId], token);
        if (made?.Release is { } release)
        {
            await context.Publish(release with { Attempt = command.Attempt }, token);
            return;
        }

        if (made?.ReleaseAttempt >= command.Attempt) return;
        // The row first, the vetoes after it: a veto that comes later raises the row's version and this transaction starts over.
        var route = await db.Routes.FindAsync([command.Endpoint], token);
        var isVetoed = await db.Vetoes.AnyAsync(row => row.DeploymentId == command.DeploymentId, token);
        if (ReleaseRule.Refusal(command, route, isVetoed) is { } reason)
        {
            await context.Publish(new StandbyReleaseFailed
            {
                DeploymentId = command.DeploymentId,
                Attempt = command.Attempt,
                Reason = reason,
            }, token);
            return;
        }

        made!.ReleaseAttempt = command.Attempt;
        route!.BeginRelease(command.DeploymentId);
        await work.RequestAsync(command, token);
    }
}
