using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>The fields that each kind of object may have: what else is sent is refused by name, as the API server does with strict validation.</summary>
internal static class FakeSchema
{
    private static readonly string[] Common =
    [
        "apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.uid", "metadata.resourceVersion", "metadata.generation",
        "metadata.labels.*", "metadata.annotations.*", "metadata.deletionTimestamp", "metadata.managedFields.*",
    ];

    private static readonly Dictionary<string, string[]> Kinds = new(StringComparer.Ordinal)
    {
        ["services"] =
        [
            "spec.selector.*", "spec.ports[].name", "spec.ports[].port", "spec.ports[].targetPort", "spec.ports[].protocol", "spec.type",
            "spec.clusterIP",
        ],
        ["pods"] = ["spec.*", "status.conditions[].type", "status.conditions[].status", "status.podIP"],
        ["endpointslices"] =
        [
            "addressType", "endpoints[].addresses[]", "endpoints[].conditions.ready", "endpoints[].conditions.serving",
            "endpoints[].conditions.terminating", "endpoints[].targetRef.kind", "endpoints[].targetRef.name", "endpoints[].targetRef.uid", "ports[].port",
        ],
        ["httproutes"] =
        [
            "spec.parentRefs[].name", "spec.hostnames[]", "spec.rules[].name", "spec.rules[].matches[].path.type", "spec.rules[].matches[].path.value",
            "spec.rules[].backendRefs[].name", "spec.rules[].backendRefs[].namespace", "spec.rules[].backendRefs[].kind", "spec.rules[].backendRefs[].port",
            "spec.rules[].backendRefs[].weight", "spec.rules[].filters[].type", "spec.rules[].filters[].requestHeaderModifier.*",
            "spec.rules[].filters[].requestMirror.backendRef.name", "spec.rules[].filters[].requestMirror.backendRef.port",
            "spec.rules[].filters[].requestMirror.percent", "spec.rules[].timeouts.request", "status.parents[].parentRef.name",
            "status.parents[].controllerName", "status.parents[].conditions[].*",
        ],
        ["virtualservices"] =
        [
            "spec.hosts[]", "spec.gateways[]", "spec.http[].name", "spec.http[].match.*", "spec.http[].route[].destination.host",
            "spec.http[].route[].destination.subset", "spec.http[].route[].destination.port.number", "spec.http[].route[].weight",
            "spec.http[].mirror.host", "spec.http[].mirror.subset", "spec.http[].mirror.port.number", "spec.http[].mirrorPercentage.value",
            "spec.http[].timeout", "spec.http[].retries.*",
        ],
        ["destinationrules"] =
            ["spec.host", "spec.trafficPolicy.*", "spec.subsets[].name", "spec.subsets[].labels.*", "spec.subsets[].trafficPolicy.*"],
    };

    /// <returns>The path of the first field that the kind does not have; null: all are known.</returns>
    public static string? Unknown(string plural, JsonObject item)
    {
        var known = Common.Concat(Kinds[plural]).ToHashSet(StringComparer.Ordinal);
        return Leaves(item, "").FirstOrDefault(path => !IsKnown(known, path));
    }

    private static bool IsKnown(HashSet<string> known, string path)
    {
        if (known.Contains(path)) return true;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (known.Contains(path[..dot] + ".*")) return true;
        }

        return false;
    }

    private static IEnumerable<string> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject item => item.SelectMany(field => Leaves(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}")),
        JsonArray list => list.SelectMany(element => Leaves(element, $"{path}[]")),
        _ => [path],
    };
}
