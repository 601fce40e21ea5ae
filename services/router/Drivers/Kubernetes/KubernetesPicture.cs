using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <param name="Main">The object that carries the mark.</param>
/// <param name="Beside">Another that it can only be understood with; null: none.</param>
internal sealed record KubernetesPicture(JsonObject Main, JsonObject? Beside = null)
{
    /// <summary>Resource versions of both.</summary>
    public string Version => Beside is null ? Main.ResourceVersion() : $"{Main.ResourceVersion()}+{Beside.ResourceVersion()}";
}
