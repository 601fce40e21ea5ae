using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Switching;

/// <summary>Green is warm and about to be judged: from here on it can be previewed, and mirrored to.</summary>
internal sealed class ValidateEnvironmentConsumer(RouterDbContext db, IWorkQueue<RouterDbContext> work) : IConsumer<ValidateEnvironment>
{
    public async Task Consume(ConsumeContext<ValidateEnvironment> context)
    {
        var command = context.Message;
        var token = context.CancellationToken;
        var route = await db.Routes.FindAsync([command.Endpoint], token);
        var isOver = await db.Vetoes.FindAsync([command.DeploymentId], token) is not null
            || await db.Switches.FindAsync([command.DeploymentId], token) is not null;
        if (route is null || isOver || route.Candidate?.EnvironmentId == command.Green.EnvironmentId) return;
        route.Offer(RouteTarget.Of(command.DeploymentId, command.Green));
        await work.RequestAsync(new AnnounceRoute(command.Endpoint), command.Endpoint, route.Version, token);
    }
}

/// <summary>Whatever becomes of it, an environment that is torn down is nothing to look at.</summary>
internal sealed class DecommissionEnvironmentConsumer(RouterDbContext db, IWorkQueue<RouterDbContext> work) : IConsumer<DecommissionEnvironment>
{
    public async Task Consume(ConsumeContext<DecommissionEnvironment> context)
    {
        var command = context.Message;
        var route = await db.Routes.SingleOrDefaultAsync(row => row.CandidateId == command.EnvironmentId, context.CancellationToken);
        if (route is null) return;
        route.Withdraw();
        await work.RequestAsync(new AnnounceRoute(route.Endpoint), route.Endpoint, route.Version, context.CancellationToken);
    }
}
