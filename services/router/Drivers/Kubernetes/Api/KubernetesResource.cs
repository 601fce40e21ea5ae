namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>One kind of object in one namespace, as the API server's paths name it.</summary>
/// <param name="Group">E.g. <c>gateway.networking.k8s.io</c>; empty for the core group.</param>
/// <param name="Version">E.g. <c>v1</c>.</param>
/// <param name="Plural">E.g. <c>httproutes</c>.</param>
/// <param name="Namespace">Name of the namespace.</param>
internal sealed record KubernetesResource(string Group, string Version, string Plural, string Namespace)
{
    private const string Istio = "networking.istio.io";

    public string Path =>
        $"{(Group.Length == 0 ? "api" : $"apis/{Group}")}/{Version}/namespaces/{Uri.EscapeDataString(Namespace)}/{Plural}";

    /// <summary>Strategic merge is known to built-in types only; of others a merge patch replaces whole lists.</summary>
    public bool HasStrategicMerge => Group.Length == 0;

    public static KubernetesResource Services(string @namespace) => new("", "v1", "services", @namespace);

    public static KubernetesResource Pods(string @namespace) => new("", "v1", "pods", @namespace);

    public static KubernetesResource EndpointSlices(string @namespace) => new("discovery.k8s.io", "v1", "endpointslices", @namespace);

    public static KubernetesResource HttpRoutes(string @namespace) => new("gateway.networking.k8s.io", "v1", "httproutes", @namespace);

    public static KubernetesResource VirtualServices(string @namespace, string version) =>
        new(Istio, version, "virtualservices", @namespace);

    public static KubernetesResource DestinationRules(string @namespace, string version) =>
        new(Istio, version, "destinationrules", @namespace);

    public string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    public override string ToString() => $"{Plural} in {Namespace}";
}
