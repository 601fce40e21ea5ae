using BlueGreen.Contracts;
using BlueGreen.Platform.Work;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Routing;
using MassTransit;

namespace BlueGreen.Router.Switching;

/// <summary>Keeps what the endpoint's newest policy asks of the router.</summary>
internal sealed class EndpointConfiguredConsumer(RouterDbContext db, IWorkQueue<RouterDbContext> work) : IConsumer<EndpointConfigured>
{
    public async Task Consume(ConsumeContext<EndpointConfigured> context)
    {
        var policy = context.Message;
        var route = await db.Routes.FindAsync([policy.Endpoint], context.CancellationToken);
        if (route is null)
        {
            route = new RouteRow { Endpoint = policy.Endpoint, Path = policy.Path };
            db.Routes.Add(route);
        }
        else if (route.PolicyRevision >= policy.Revision)
        {
            return;
        }

        route.Configure(RouteState.NormalizePath(policy.Path), RouteSettings.Of(policy), policy.Revision);
        await work.RequestAsync(new AnnounceRoute(policy.Endpoint), policy.Endpoint, route.Version, context.CancellationToken);
    }
}
