namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>Objects of one kind: one by its name, or those with given labels.</summary>
internal sealed record KubernetesQuery(KubernetesResource Resource, string? FieldSelector, string? LabelSelector)
{
    public static KubernetesQuery One(KubernetesResource resource, string name) => new(resource, $"metadata.name={name}", null);

    public static KubernetesQuery Labelled(KubernetesResource resource, string labels) => new(resource, null, labels);

    public string Text => string.Concat(Part("fieldSelector", FieldSelector), Part("labelSelector", LabelSelector)).TrimStart('&');

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
