using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>
/// Points the selector of a Service at the pods of the live environment. Everything moves at once: a selector knows no weights and no
/// copies. The patch is the beginning only; the switch is made when the Service's endpoints are the live environment's and no others'.
/// </summary>
internal sealed class ServiceDriver(KubernetesClients clients, TimeProvider clock, ILogger<ServiceDriver> log)
    : KubernetesDriver(clients, clock, log)
{
    private const string ServiceName = "kubernetes.io/service-name";

    public override string Kind => "kubernetes-service";

    public override IReadOnlyList<string> Check(DriverSettings settings)
    {
        var isWrong = Fixed(settings).Any(part => part.Length != 2 || part.Any(string.IsNullOrWhiteSpace));
        return isWrong
            ? [.. base.Check(settings), "The policy's route.driver.settings.selector must be labels such as 'app=fraud,tier=ml'."]
            : base.Check(settings);
    }

    public override string Describe(DriverRoute route) =>
        Text(KubernetesScope.NamespaceOf(route.Settings), KubernetesScope.NameOf(route), Wanted(route));

    protected override KubernetesResource Resource(KubernetesScope scope) => KubernetesResource.Services(scope.Namespace);

    protected override string StateOf(KubernetesScope scope, KubernetesPicture found) =>
        Text(scope.Namespace, scope.Name, Selector(found.Main));

    /// <summary>A strategic merge patch merges the selector's labels: those that are not wanted are named, with null.</summary>
    protected override JsonObject PatchOf(KubernetesScope scope, KubernetesPicture found)
    {
        var selector = new JsonObject();
        foreach (var (label, _) in Selector(found.Main)) selector[label] = null;
        foreach (var (label, value) in Wanted(scope.Route)) selector[label] = value;
        return new JsonObject { ["spec"] = new JsonObject { ["selector"] = selector } };
    }

    protected override Task<string?> PrepareAsync(KubernetesScope scope, CancellationToken cancellationToken) =>
        KubernetesPods.ProblemAsync(scope, scope.Route.Live, cancellationToken);

    protected override async Task<string?> ConfirmAsync(KubernetesScope scope, CancellationToken cancellationToken)
    {
        var (all, ready) = await KubernetesPods.OfAsync(scope, scope.Route.Live, cancellationToken);
        return await WaitAsync(scope, Slices(scope), slices => Missing(slices, all, ready), cancellationToken);
    }

    protected override async Task<string?> PendingAsync(KubernetesScope scope, KubernetesPicture found, CancellationToken cancellationToken)
    {
        var slices = await scope.Api.ListAsync(Slices(scope), cancellationToken);
        var (all, ready) = await KubernetesPods.OfAsync(scope, scope.Route.Live, cancellationToken);
        return Missing(slices.Items, all, ready);
    }

    private static KubernetesQuery Slices(KubernetesScope scope) =>
        KubernetesQuery.Labelled(KubernetesResource.EndpointSlices(scope.Namespace), $"{ServiceName}={scope.Name}");

    private static string? Missing(IReadOnlyCollection<JsonObject> slices, IReadOnlySet<string> all, IReadOnlySet<string> ready)
    {
        var serving = slices.SelectMany(slice => slice["endpoints"].Objects())
            .Where(endpoint => endpoint.At("conditions", "ready")?.GetValue<bool>() != false)
            .Select(endpoint => endpoint.Text("targetRef", "uid") ?? "").ToHashSet(StringComparer.Ordinal);
        var others = serving.Count(pod => !all.Contains(pod));
        var absent = ready.Count(pod => !serving.Contains(pod));
        return (others, absent) switch
        {
            (0, 0) => null,
            ( > 0, _) => $"{others} endpoints are not the live environment's.",
            _ => $"{absent} ready pods of the live environment are not among the endpoints.",
        };
    }

    private static SortedDictionary<string, string> Wanted(DriverRoute route)
    {
        var wanted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in Fixed(route.Settings)) wanted[part[0].Trim()] = part[1].Trim();
        wanted[KubernetesScope.LabelOf(route.Settings)] = route.Live.EnvironmentId.ToString("D");
        return wanted;
    }

    private static SortedDictionary<string, string> Selector(JsonObject service) => new(
        (service.At("spec", "selector") as JsonObject ?? []).ToDictionary(label => label.Key, label => label.Value?.ToString() ?? ""),
        StringComparer.Ordinal);

    /// <summary>The part of the selector that every environment shares.</summary>
    private static IEnumerable<string[]> Fixed(DriverSettings settings) =>
        settings.FromOwner("selector", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('='));

    private static string Text(string @namespace, string name, SortedDictionary<string, string> selector) =>
        $"{@namespace}/{name} selects {string.Join(',', selector.Select(label => $"{label.Key}={label.Value}"))}";
}
