using BlueGreen.Router.Proxy;

namespace BlueGreen.Router.Routing;

/// <summary>One environment that an endpoint's requests can be sent to, with everything that sending needs.</summary>
internal sealed class RouteLeg
{
    public RouteLeg(RouteTarget target, string path, string epoch, EnvironmentRegistry environments)
    {
        Serving = environments.Of(target);
        Transformers = Serving.Replicas.Select(replica => new RouteTransformer(path, Serving, replica, epoch)).ToArray();
    }

    public ServingEnvironment Serving { get; }

    /// <summary>In the order of the environment's replicas.</summary>
    public RouteTransformer[] Transformers { get; }
}
