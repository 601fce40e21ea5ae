using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>Which pods belong to an environment, and which of them can answer.</summary>
internal static class KubernetesPods
{
    /// <returns>Identifiers of the environment's pods: all of them, and those that can answer.</returns>
    public static async Task<(IReadOnlySet<string> All, IReadOnlySet<string> Ready)> OfAsync(
        KubernetesScope scope, RouteTarget target, CancellationToken cancellationToken)
    {
        var pods = await scope.Api.ListAsync(
            KubernetesQuery.Labelled(KubernetesResource.Pods(scope.Namespace), scope.PodsOf(target)), cancellationToken);
        return (Identifiers(pods.Items), Identifiers(pods.Items.Where(IsReady)));
    }

    /// <returns>Why traffic cannot be sent to the environment; null: it can.</returns>
    public static async Task<string?> ProblemAsync(KubernetesScope scope, RouteTarget target, CancellationToken cancellationToken) =>
        (await OfAsync(scope, target, cancellationToken)).Ready.Count > 0
            ? null
            : $"No pod with {scope.PodsOf(target)} is ready in {scope.Namespace}: traffic stays where it is.";

    private static HashSet<string> Identifiers(IEnumerable<JsonObject> pods) =>
        pods.Select(pod => pod.Text("metadata", "uid") ?? "").ToHashSet(StringComparer.Ordinal);

    private static bool IsReady(JsonObject pod) =>
        pod.At("metadata", "deletionTimestamp") is null
        && pod.At("status", "conditions").Objects().Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");
}
