using BlueGreen.Platform.Http;
using BlueGreen.Router.Routing;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Proxy;

/// <summary>
/// <c>PUT</c> and <c>DELETE /routes/{endpoint}/cold/{environment}/{replica}</c>: a replica that was started again gets no requests while it is
/// warmed, unless no other is well: capacity that is cold is better than none. Never for longer than <see cref="RouterOptions.ColdLimit"/>.
/// </summary>
internal static class ColdReplicaEndpoint
{
    public static IResult Put(
        string endpoint, Guid environment, int replica, EnvironmentRegistry environments, IOptions<RouterOptions> options, TimeProvider clock,
        ILogger<RouteEntry> log)
    {
        if (Find(environments, environment, replica) is not { } found) return Unknown(environment, replica);
        var limit = options.Value.ColdLimit;
        found.ColdUntil(clock.GetTimestamp() + (long)(limit.TotalSeconds * clock.TimestampFrequency));
        Log.ReplicaCold(log, endpoint, environment, replica, limit);
        return TypedResults.NoContent();
    }

    public static IResult Delete(string endpoint, Guid environment, int replica, EnvironmentRegistry environments, ILogger<RouteEntry> log)
    {
        if (Find(environments, environment, replica) is not { } found) return Unknown(environment, replica);
        found.ColdUntil(long.MinValue);
        Log.ReplicaWarm(log, endpoint, environment, replica);
        return TypedResults.NoContent();
    }

    private static UpstreamReplica? Find(EnvironmentRegistry environments, Guid environment, int index) =>
        environments.Find(environment) is { } serving
            ? serving.Replicas.FirstOrDefault(replica => serving.Target.Replicas[replica.Position].Index == index)
            : null;

    private static IResult Unknown(Guid environment, int replica) =>
        ProblemResults.NotFound($"No route here leads to replica {replica} of environment {environment}.");
}
