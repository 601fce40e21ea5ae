using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>The fields that every Kubernetes object has, and paths into the others.</summary>
internal static class KubernetesJson
{
    public static string Name(this JsonObject item) => item.Text("metadata", "name") ?? "";

    public static string ResourceVersion(this JsonObject item) => item.Text("metadata", "resourceVersion") ?? "";

    /// <summary>Counts up with every change of the specification, not of labels or status.</summary>
    public static long Generation(this JsonObject item) => item.At("metadata", "generation")?.GetValue<long>() ?? 0;

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var step in path) node = (node as JsonObject)?[step];
        return node;
    }

    public static IEnumerable<JsonObject> Objects(this JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];
}
