using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>What a list holds.</summary>
/// <param name="Version">Resource version of the list: where a watch goes on from.</param>
/// <param name="Items">In no order.</param>
internal sealed record KubernetesList(string Version, IReadOnlyList<JsonObject> Items);
