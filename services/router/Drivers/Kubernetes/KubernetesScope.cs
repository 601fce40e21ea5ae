using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>The objects of one endpoint in one cluster.</summary>
internal sealed record KubernetesScope
{
    /// <summary>On pods: which environment they belong to.</summary>
    public const string EnvironmentLabel = "bluegreen/environment";

    /// <summary>On the driven object: the driver's mark.</summary>
    public const string MarkAnnotation = "bluegreen/traffic";

    public required KubernetesApi Api { get; init; }
    public required KubernetesFollower Follower { get; init; }
    public required KubernetesTarget Target { get; init; }
    public required DriverRoute Route { get; init; }

    public string Namespace => NamespaceOf(Route.Settings);

    /// <summary>Name of the driven object.</summary>
    public string Name => NameOf(Route);

    /// <summary>Pods of an environment, as a label selector.</summary>
    public string PodsOf(RouteTarget target) => $"{LabelOf(Route.Settings)}={target.EnvironmentId:D}";

    public static string LabelOf(DriverSettings settings) => settings.FromOwner("label", EnvironmentLabel);

    public static string NameOf(DriverRoute route) => route.Settings.FromOwner("name", route.Endpoint);

    public static string NamespaceOf(DriverSettings settings) =>
        settings.FromOwner("namespace") ?? AllowedIn(settings).FirstOrDefault() ?? "default";

    public static DriverMark? MarkOf(JsonObject item) => DriverMark.Read(item.Text("metadata", "annotations", MarkAnnotation));

    public static IEnumerable<string> ProblemsOf(DriverSettings settings)
    {
        var allowed = AllowedIn(settings);
        if (allowed.Length == 0)
            yield return $"The routers' configuration must have BlueGreen:Router:Drivers:{settings.Target}:namespaces, the namespaces that policies may name.";
        else if (settings.FromOwner("namespace") is { } named && !allowed.Contains(named, StringComparer.Ordinal))
            yield return $"The namespace '{named}' is not among BlueGreen:Router:Drivers:{settings.Target}:namespaces.";
        foreach (var problem in KubernetesTarget.ProblemsOf(settings)) yield return problem;
    }

    private static string[] AllowedIn(DriverSettings settings) =>
        settings.FromOperator("namespaces", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
