using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>The subsets of a DestinationRule: the platform's, which begin with <c>bg-</c>, and those of others, which stay as they are.</summary>
internal sealed class IstioSubsets(JsonObject rule)
{
    private const string Prefix = "bg-";

    public static string NameOf(RouteTarget target) => $"{Prefix}{target.EnvironmentId:N}";

    /// <summary>A destination as <c>host[labels]</c>: which pods it means, whatever the subset is called.</summary>
    public string PlaceOf(JsonNode? destination)
    {
        var host = destination.Text("host");
        if (destination.Text("subset") is not { } name) return $"{host}[]";
        return Find(name) is { } subset ? $"{host}[{Labels(subset)}]" : $"{host}[no subset {name}]";
    }

    /// <param name="label">Which label tells environments apart.</param>
    /// <param name="needed">Must be there.</param>
    /// <param name="service">The VirtualService: what it still points at stays.</param>
    /// <returns>Null: nothing to do.</returns>
    public JsonObject? PatchFor(string label, IReadOnlyCollection<RouteTarget> needed, JsonObject service)
    {
        var wanted = needed.ToDictionary(NameOf, target => new JsonObject
        {
            ["name"] = NameOf(target),
            ["labels"] = new JsonObject { [label] = target.EnvironmentId.ToString("D") },
        }, StringComparer.Ordinal);
        var inUse = Used(service).ToHashSet(StringComparer.Ordinal);
        var now = rule.At("spec", "subsets").Objects().ToArray();
        var kept = now.Where(subset => subset.Text("name") is { } name && !wanted.ContainsKey(name)
            && (!name.StartsWith(Prefix, StringComparison.Ordinal) || inUse.Contains(name)));
        var made = wanted.Values.Select(subset =>
            Find(subset.Text("name")!) is { } known && Labels(known) == Labels(subset) ? known : subset);
        var next = kept.Concat(made).OrderBy(subset => subset.Text("name"), StringComparer.Ordinal).ToArray();
        var before = now.OrderBy(subset => subset.Text("name"), StringComparer.Ordinal).ToArray();
        if (next.Length == before.Length && next.Zip(before).All(pair => JsonNode.DeepEquals(pair.First, pair.Second))) return null;
        return new JsonObject { ["spec"] = new JsonObject { ["subsets"] = new JsonArray([.. next.Select(subset => subset.DeepClone())]) } };
    }

    private JsonObject? Find(string name) => rule.At("spec", "subsets").Objects().FirstOrDefault(subset => subset.Text("name") == name);

    private static string Labels(JsonObject subset) => string.Join(',', (subset["labels"] as JsonObject ?? [])
        .Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));

    private static IEnumerable<string> Used(JsonObject service) =>
        from http in service.At("spec", "http").Objects()
        from place in http["route"].Objects().Select(route => route["destination"]).Append(http["mirror"])
        let name = place.Text("subset")
        where name is not null
        select name;
}
