using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>
/// Weighs the backends of one rule of a Gateway API HTTPRoute, each environment behind a Service of its own, and copies requests by the rule's
/// RequestMirror filter. Lists are replaced whole by a merge patch: everything in them that is not the driver's is sent back as it was read.
/// Source: gateway-api.sigs.k8s.io, HTTPRoute v1; shares of copies: GEP-3171.
/// </summary>
internal sealed class GatewayRouteDriver(KubernetesClients clients, TimeProvider clock, ILogger<GatewayRouteDriver> log)
    : KubernetesDriver(clients, clock, log)
{
    /// <summary>How the Service of an environment is called.</summary>
    private const string Service = "{endpoint}-{environment}";
    private const string MirrorType = "RequestMirror";
    private const string ServiceName = "kubernetes.io/service-name";
    private static readonly string[] Conditions = ["Accepted", "ResolvedRefs"];

    public override string Kind => "gateway-api";
    public override bool Mirrors => true;
    public override bool Shifts => true;

    public override IReadOnlyList<string> Check(DriverSettings settings) =>
    [
        .. base.Check(settings),
        .. NumberProblems(settings, "rule", 0, 15),
        .. NumberProblems(settings, "port", 1, 65_535),
        .. settings.FromOwner("service", Service).Contains("{environment}", StringComparison.Ordinal)
            ? Array.Empty<string>()
            : ["The policy's route.driver.settings.service must hold '{environment}': two environments may be of one version."],
    ];

    public override string Describe(DriverRoute route)
    {
        var backends = Backends(route).Select(backend => $"{backend.Name}:{Port(route)}={backend.Weight}");
        var mirror = route.Mirror is { } copies ? $"{ServiceOf(route, copies.To)}:{Port(route)} {TrafficWeights.Percent(copies.Share)}%" : null;
        return Text(KubernetesScope.NamespaceOf(route.Settings), KubernetesScope.NameOf(route), Rule(route), backends, mirror is null ? [] : [mirror]);
    }

    protected override KubernetesResource Resource(KubernetesScope scope) => KubernetesResource.HttpRoutes(scope.Namespace);

    protected override string StateOf(KubernetesScope scope, KubernetesPicture found)
    {
        if (RuleOf(scope, found.Main) is not { } rule) return $"{scope.Namespace}/{scope.Name} has no rule {Rule(scope.Route)}";
        var backends = rule["backendRefs"].Objects().Select(backend => $"{Reference(backend)}={backend["weight"]?.ToString() ?? "1"}");
        var mirrors = rule["filters"].Objects().Where(IsMirror).Select(filter => filter["requestMirror"]).OfType<JsonObject>()
            .Select(mirror => $"{Reference(mirror["backendRef"] as JsonObject ?? [])} {ShareOf(mirror)}%");
        return Text(scope.Namespace, scope.Name, Rule(scope.Route), backends, mirrors);
    }

    protected override JsonObject PatchOf(KubernetesScope scope, KubernetesPicture found)
    {
        if (RuleOf(scope, found.Main) is not { } was)
            throw new KubernetesFailureException(null, $"{scope.Namespace}/{scope.Name} has no rule {Rule(scope.Route)}.");
        var rules = found.Main.At("spec", "rules")!.DeepClone().AsArray();
        var rule = rules[Rule(scope.Route)]!.AsObject();
        rule["backendRefs"] = new JsonArray([.. Backends(scope.Route).Select(backend => Backend(scope.Route, was, backend.Name, backend.Weight))]);
        var filters = new JsonArray([.. was["filters"].Objects().Where(filter => !IsMirror(filter)).Select(filter => filter.DeepClone())]);
        if (scope.Route.Mirror is { } mirror) filters.Add(Mirror(scope.Route, mirror));
        rule.Remove("filters");
        if (filters.Count > 0) rule["filters"] = filters;
        return new JsonObject { ["spec"] = new JsonObject { ["rules"] = rules } };
    }

    /// <summary>Whoever gets requests needs an endpoint that is ready.</summary>
    protected override async Task<string?> PrepareAsync(KubernetesScope scope, CancellationToken cancellationToken)
    {
        foreach (var (name, weight) in Backends(scope.Route))
        {
            if (weight == 0) continue;
            var slices = await scope.Api.ListAsync(
                KubernetesQuery.Labelled(KubernetesResource.EndpointSlices(scope.Namespace), $"{ServiceName}={name}"), cancellationToken);
            if (!slices.Items.SelectMany(slice => slice["endpoints"].Objects()).Any(IsReady))
                return $"The Service {scope.Namespace}/{name} has no ready endpoint: traffic stays where it is.";
        }

        return null;
    }

    /// <summary>Every gateway that the route hangs on says that it has accepted this very generation of it.</summary>
    protected override Task<string?> ConfirmAsync(KubernetesScope scope, CancellationToken cancellationToken) =>
        WaitAsync(scope, KubernetesQuery.One(Resource(scope), scope.Name), items => Missing(items.FirstOrDefault()), cancellationToken);

    protected override Task<string?> PendingAsync(KubernetesScope scope, KubernetesPicture found, CancellationToken cancellationToken) =>
        Task.FromResult(Missing(found.Main));

    private static string? Missing(JsonObject? route)
    {
        if (route is null) return "It is gone.";
        var parents = route.At("status", "parents").Objects().ToArray();
        if (parents.Length == 0) return "No gateway has accepted it.";
        var problems =
            from parent in parents
            from type in Conditions
            let condition = parent["conditions"].Objects().FirstOrDefault(condition => condition.Text("type") == type)
            let isSeen = condition?["observedGeneration"]?.GetValue<long>() >= route.Generation()
            where !isSeen || condition.Text("status") != "True"
            select $"{parent.Text("parentRef", "name")}: {type} {(isSeen ? condition.Text("message") : "not yet of this change")}";
        return problems.FirstOrDefault();
    }

    /// <summary>The live environment, the way back, and whoever comes next, so that gateways know it before it gets requests.</summary>
    private static IEnumerable<(string Name, int Weight)> Backends(DriverRoute route)
    {
        var weights = TrafficWeights.Of(route);
        yield return (ServiceOf(route, route.Live), weights.Live);
        if (route.Standby is { } standby) yield return (ServiceOf(route, standby), weights.Standby);
        if (route.Candidate is { } candidate && candidate.EnvironmentId != route.Live.EnvironmentId && candidate.EnvironmentId != route.Standby?.EnvironmentId)
            yield return (ServiceOf(route, candidate), 0);
    }

    private static string ServiceOf(DriverRoute route, RouteTarget target) => route.Settings.FromOwner("service", Service)
        .Replace("{endpoint}", route.Endpoint, StringComparison.Ordinal)
        .Replace("{environment}", target.EnvironmentId.ToString("D"), StringComparison.Ordinal)
        .Replace("{model}", target.Model, StringComparison.Ordinal)
        .Replace("{version}", target.Version, StringComparison.Ordinal);

    /// <summary>What somebody said of a backend that stays (filters, a namespace) stays with it.</summary>
    private static JsonObject Backend(DriverRoute route, JsonObject rule, string name, int weight)
    {
        var known = rule["backendRefs"].Objects().FirstOrDefault(backend => Reference(backend) == $"{name}:{Port(route)}");
        var made = known?.DeepClone().AsObject() ?? new JsonObject { ["name"] = name, ["port"] = Port(route) };
        made["weight"] = weight;
        return made;
    }

    private static JsonObject Mirror(DriverRoute route, DriverMirror mirror)
    {
        var percent = TrafficWeights.Percent(mirror.Share);
        var made = new JsonObject { ["backendRef"] = new JsonObject { ["name"] = ServiceOf(route, mirror.To), ["port"] = Port(route) } };
        // Everything is copied where no share is named: gateways that do not know shares understand that, too.
        if (percent < 100) made["percent"] = percent;
        return new JsonObject { ["type"] = MirrorType, ["requestMirror"] = made };
    }

    private static string ShareOf(JsonObject mirror)
    {
        if (mirror["percent"] is { } percent) return percent.ToString();
        if (mirror["fraction"] is not JsonObject fraction) return "100";
        return $"{fraction["numerator"]}/{fraction["denominator"]?.ToString() ?? "100"} of 100";
    }

    private static JsonObject? RuleOf(KubernetesScope scope, JsonObject route) => route.At("spec", "rules").Objects().ElementAtOrDefault(Rule(scope.Route));

    private static string Reference(JsonObject backend)
    {
        var kind = backend.Text("kind") is { } other and not "Service" ? other + "/" : "";
        var elsewhere = backend.Text("namespace") is { } @namespace ? @namespace + "/" : "";
        return $"{kind}{elsewhere}{backend.Text("name")}:{backend["port"]}";
    }

    private static bool IsMirror(JsonObject filter) => filter.Text("type") == MirrorType;

    private static bool IsReady(JsonObject endpoint) => endpoint.At("conditions", "ready")?.GetValue<bool>() != false;

    private static int Rule(DriverRoute route) => Number(route.Settings, "rule", 0);

    private static int Port(DriverRoute route) => Number(route.Settings, "port", 80);

    private static string Text(string @namespace, string name, int rule, IEnumerable<string> backends, IEnumerable<string> mirrors)
    {
        var copies = string.Join(", ", mirrors.Order(StringComparer.Ordinal));
        return $"{@namespace}/{name} rule {rule} sends to {string.Join(", ", backends.Order(StringComparer.Ordinal))}"
            + (copies.Length == 0 ? "" : $" and copies to {copies}");
    }
}
