using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>What follows from a change: endpoints of Services, the status of HTTPRoutes. On a real cluster it takes its time; here it can be held back.</summary>
internal sealed class FakeControllers(FakeStore store)
{
    private readonly Lock _gate = new();

    /// <summary>Nothing follows until <see cref="Run"/>.</summary>
    public bool AreHeld { get; set; }

    /// <summary>What gateways say of routes; null: they accept them.</summary>
    public string? Objection { get; set; }

    public void Changed(string plural)
    {
        if (!AreHeld && plural is "services" or "pods" or "httproutes") _ = Task.Run(Run);
    }

    public void Run()
    {
        lock (_gate)
        {
            foreach (var service in store.List("services", _ => true).Items) Endpoints(service);
            foreach (var route in store.List("httproutes", _ => true).Items) Accept(route);
        }
    }

    private void Endpoints(JsonObject service)
    {
        var name = service["metadata"]!["name"]!.ToString();
        var selector = service["spec"]!["selector"]!.AsObject();
        var pods = store.List("pods", pod => selector.All(label => pod["metadata"]?["labels"]?[label.Key]?.ToString() == label.Value?.ToString())).Items;
        var slice = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"{name}-slice", ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = name } },
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray([.. pods.Select(Endpoint)]),
        };
        if (store.Find("endpointslices", $"{name}-slice") is { } before && JsonNode.DeepEquals(before["endpoints"], slice["endpoints"])) return;
        store.Put("endpointslices", slice);
    }

    private static JsonObject Endpoint(JsonObject pod) => new()
    {
        ["addresses"] = new JsonArray(pod["status"]!["podIP"]!.ToString()),
        ["conditions"] = new JsonObject { ["ready"] = pod["status"]!["conditions"]![0]!["status"]!.ToString() == "True" },
        ["targetRef"] = new JsonObject { ["kind"] = "Pod", ["name"] = pod["metadata"]!["name"]!.ToString(), ["uid"] = pod["metadata"]!["uid"]!.ToString() },
    };

    private void Accept(JsonObject route)
    {
        var generation = route["metadata"]!["generation"]!.GetValue<long>();
        if (route["status"]?["parents"]?[0]?["conditions"]?[0]?["observedGeneration"]?.GetValue<long>() == generation) return;
        store.Change("httproutes", route["metadata"]!["name"]!.ToString(), item => item["status"] = new JsonObject
        {
            ["parents"] = new JsonArray(new JsonObject
            {
                ["parentRef"] = new JsonObject { ["name"] = "edge" },
                ["conditions"] = new JsonArray(Condition("Accepted", null, generation), Condition("ResolvedRefs", Objection, generation)),
            }),
        });
    }

    private static JsonObject Condition(string type, string? objection, long generation) => new()
    {
        ["type"] = type,
        ["status"] = objection is null ? "True" : "False",
        ["message"] = objection ?? "",
        ["observedGeneration"] = generation,
    };
}
