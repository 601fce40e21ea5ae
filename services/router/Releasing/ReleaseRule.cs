using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;

namespace BlueGreen.Router.Releasing;

/// <summary>Whether the route is the deployment's to release.</summary>
internal static class ReleaseRule
{
    /// <returns>Null when it is, otherwise why not.</returns>
    public static string? Refusal(ReleaseStandby command, RouteRow? route, bool isVetoed)
    {
        if (route?.Live is null) return $"'{command.Endpoint}' has no live environment.";
        if (isVetoed) return "The deployment was reverted first.";
        if (route.Live.DeploymentId != command.DeploymentId)
            return $"Deployment {route.Live.DeploymentId} is live on '{command.Endpoint}', not this one.";
        return route.Epoch == command.ExpectedEpoch
            ? null
            : $"The route of '{command.Endpoint}' stands at epoch {route.Epoch}, the release expected epoch {command.ExpectedEpoch}.";
    }
}
