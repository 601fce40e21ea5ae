using BlueGreen.Platform.Work;

namespace BlueGreen.Router.Switching;

/// <summary>Tell the replicas that a route changed for another reason than a switch.</summary>
internal sealed record AnnounceRoute(string Endpoint);

/// <inheritdoc cref="AnnounceRoute"/>
internal sealed class AnnounceRouteHandler(RouteAnnouncer announcer) : IWorkHandler<AnnounceRoute>
{
    public async Task<WorkOutcome> RunAsync(AnnounceRoute command, IWorkLease lease, CancellationToken cancellationToken)
    {
        await announcer.AnnounceAsync(command.Endpoint, cancellationToken);
        return WorkOutcome.Silent;
    }

    /// <summary>The replicas' polls find the change without being told.</summary>
    public WorkOutcome GiveUp(AnnounceRoute command, string reason) => WorkOutcome.Silent;
}
