using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>What the API's documentation says of values, beyond the fields' names.</summary>
internal static partial class FakeRules
{
    /// <returns>Why the object is not valid; null: it is.</returns>
    public static string? Broken(string plural, JsonObject item) => plural switch
    {
        "services" => (item["spec"]?["selector"] as JsonObject)?.Select(label => label.Value).OfType<JsonValue>()
            .Select(value => LabelValue().IsMatch(value.ToString()) ? null : $"spec.selector: Invalid value: {value}").FirstOrDefault(problem => problem is not null),
        "httproutes" => Routes(item).FirstOrDefault(),
        "virtualservices" => Services(item).FirstOrDefault(),
        "destinationrules" => Subsets(item).FirstOrDefault(),
        _ => null,
    };

    private static IEnumerable<string> Routes(JsonObject item)
    {
        foreach (var rule in Each(item["spec"]?["rules"]))
        {
            foreach (var backend in Each(rule["backendRefs"]))
            {
                if (!DnsLabel().IsMatch(backend["name"]?.ToString() ?? "")) yield return $"backendRefs.name: Invalid value: {backend["name"]}";
                if (backend["port"] is null) yield return "backendRefs.port: Must have port for Service reference";
                if (backend["weight"]?.GetValue<int>() is < 0 or > 1_000_000) yield return "backendRefs.weight: out of range";
            }

            if (Each(rule["backendRefs"]).Count() > 16) yield return "backendRefs: too many";
            foreach (var filter in Each(rule["filters"]))
            {
                if (filter["type"]?.ToString() is "RequestMirror" != filter["requestMirror"] is not null)
                    yield return "filter.requestMirror must be nil if the filter.type is not RequestMirror, and must be specified for it";
                if (filter["requestMirror"]?["percent"]?.GetValue<int>() is < 0 or > 100) yield return "requestMirror.percent: out of range";
            }
        }
    }

    private static IEnumerable<string> Services(JsonObject item)
    {
        foreach (var rule in Each(item["spec"]?["http"]))
        {
            var weights = Each(rule["route"]).Select(route => route["weight"]?.GetValue<int>() ?? 0).ToArray();
            if (weights.Length > 1 && weights.Sum() != 100) yield return $"total destination weight {weights.Sum()} != 100";
            if (rule["mirrorPercentage"] is not null && rule["mirror"] is null) yield return "mirrorPercentage without mirror";
            foreach (var place in Each(rule["route"]).Select(route => route["destination"]).Append(rule["mirror"]).OfType<JsonObject>())
            {
                if (string.IsNullOrEmpty(place["host"]?.ToString())) yield return "destination host is required";
                if (place["subset"]?.ToString() is { } subset && !DnsLabel().IsMatch(subset)) yield return $"subset name is invalid: {subset}";
            }
        }
    }

    private static IEnumerable<string> Subsets(JsonObject item)
    {
        var names = Each(item["spec"]?["subsets"]).Select(subset => subset["name"]?.ToString() ?? "").ToArray();
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length) yield return "duplicate subset names";
        if (names.FirstOrDefault(name => !DnsLabel().IsMatch(name)) is { } wrong) yield return $"subset name is invalid: {wrong}";
    }

    private static IEnumerable<JsonObject> Each(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")]
    private static partial Regex LabelValue();
}
