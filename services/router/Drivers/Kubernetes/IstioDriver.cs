using System.Globalization;
using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Kubernetes;

/// <summary>
/// Weighs the destinations of one HTTP rule of an Istio VirtualService. Each environment is a subset of the DestinationRule, which is there before
/// anything points at it and goes when nothing does any more. What a subset's labels say counts, not its name: a subset that somebody turns
/// to other pods is a change of where traffic goes. Source: istio.io, VirtualService and DestinationRule.
/// </summary>
internal sealed class IstioDriver(KubernetesClients clients, TimeProvider clock, ILogger<IstioDriver> log) : KubernetesDriver(clients, clock, log)
{
    public override string Kind => "istio";
    public override bool Mirrors => true;
    public override bool Shifts => true;

    public override IReadOnlyList<string> Check(DriverSettings settings) => [.. base.Check(settings), .. NumberProblems(settings, "rule", 0, 999)];

    public override string Describe(DriverRoute route)
    {
        var host = Host(route);
        var label = KubernetesScope.LabelOf(route.Settings);
        var weights = Destinations(route).Select(destination => $"{Place(host, label, destination.To)}={destination.Weight}");
        var mirror = route.Mirror is { } copies ? $"{Place(host, label, copies.To)} {TrafficWeights.Percent(copies.Share)}%" : null;
        return Text(KubernetesScope.NamespaceOf(route.Settings), KubernetesScope.NameOf(route), Rule(route), weights, mirror);

        static string Place(string host, string label, RouteTarget target) => $"{host}[{label}={target.EnvironmentId:D}]";
    }

    protected override KubernetesResource Resource(KubernetesScope scope) => KubernetesResource.VirtualServices(scope.Namespace, Version(scope));

    protected override IReadOnlyList<(KubernetesResource Resource, string Name)> Watched(KubernetesScope scope) =>
        [(Resource(scope), scope.Name), (RuleResource(scope), RuleName(scope.Route))];

    protected override async Task<KubernetesPicture?> FindAsync(KubernetesScope scope, CancellationToken cancellationToken)
    {
        if (await scope.Api.FindAsync(Resource(scope), scope.Name, cancellationToken) is not { } service) return null;
        var rule = await scope.Api.FindAsync(RuleResource(scope), RuleName(scope.Route), cancellationToken);
        return new KubernetesPicture(service, rule
            ?? throw new KubernetesFailureException(null, $"There is no {RuleName(scope.Route)} among the {RuleResource(scope)}."));
    }

    protected override string StateOf(KubernetesScope scope, KubernetesPicture found)
    {
        if (HttpRule(scope, found.Main) is not { } rule) return $"{scope.Namespace}/{scope.Name} has no HTTP rule {Rule(scope.Route)}";
        var subsets = new IstioSubsets(found.Beside!);
        var weights = rule["route"].Objects().Select(route =>
            $"{subsets.PlaceOf(route["destination"])}={route["weight"]?.ToString() ?? "100"}");
        var mirror = rule["mirror"] is JsonObject copies
            ? $"{subsets.PlaceOf(copies)} {rule.At("mirrorPercentage", "value")?.GetValue<double>().ToString(CultureInfo.InvariantCulture) ?? "100"}%"
            : null;
        return Text(scope.Namespace, scope.Name, Rule(scope.Route), weights, mirror);
    }

    protected override JsonObject PatchOf(KubernetesScope scope, KubernetesPicture found)
    {
        if (HttpRule(scope, found.Main) is not { } was)
            throw new KubernetesFailureException(null, $"{scope.Namespace}/{scope.Name} has no HTTP rule {Rule(scope.Route)}.");
        var rules = found.Main.At("spec", "http")!.DeepClone().AsArray();
        var rule = rules[Rule(scope.Route)]!.AsObject();
        var port = was["route"].Objects().FirstOrDefault().At("destination", "port");
        rule["route"] = new JsonArray([.. Destinations(scope.Route).Select(destination => new JsonObject
        {
            ["destination"] = Destination(scope.Route, destination.To, port),
            ["weight"] = destination.Weight,
        })]);
        rule.Remove("mirror");
        rule.Remove("mirrorPercentage");
        if (scope.Route.Mirror is { } mirror)
        {
            rule["mirror"] = Destination(scope.Route, mirror.To, port);
            rule["mirrorPercentage"] = new JsonObject { ["value"] = TrafficWeights.Percent(mirror.Share) };
        }

        return new JsonObject { ["spec"] = new JsonObject { ["http"] = rules } };
    }

    protected override async Task<string?> PrepareAsync(KubernetesScope scope, CancellationToken cancellationToken)
    {
        foreach (var (target, weight) in Destinations(scope.Route))
        {
            if (weight > 0 && await KubernetesPods.ProblemAsync(scope, target, cancellationToken) is { } problem) return problem;
        }

        return await EnsureSubsetsAsync(scope, cancellationToken);
    }

    private async Task<string?> EnsureSubsetsAsync(KubernetesScope scope, CancellationToken cancellationToken)
    {
        var route = scope.Route;
        var needed = Destinations(route).Select(destination => destination.To).Concat(route.Mirror is { } mirror ? [mirror.To] : [])
            .DistinctBy(target => target.EnvironmentId).ToArray();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // Absent is what the write says next, in its own words.
            if (await FindAsync(scope, cancellationToken) is not { } found) return null;
            var subsets = new IstioSubsets(found.Beside!);
            if (subsets.PatchFor(KubernetesScope.LabelOf(route.Settings), needed, found.Main) is not { } patch) return null;
            if ((await scope.Api.PatchAsync(RuleResource(scope), found.Beside!, patch, cancellationToken)).Object is not null) return null;
        }

        return $"{RuleName(route)} was changed by others at every one of {Attempts} attempts.";
    }

    private static IEnumerable<(RouteTarget To, int Weight)> Destinations(DriverRoute route)
    {
        var weights = TrafficWeights.Of(route);
        yield return (route.Live, weights.Live);
        if (route.Standby is { } standby) yield return (standby, weights.Standby);
    }

    private static JsonObject Destination(DriverRoute route, RouteTarget target, JsonNode? port)
    {
        var made = new JsonObject { ["host"] = Host(route), ["subset"] = IstioSubsets.NameOf(target) };
        if (port is not null) made["port"] = port.DeepClone();
        return made;
    }

    private static JsonObject? HttpRule(KubernetesScope scope, JsonObject service) =>
        service.At("spec", "http").Objects().ElementAtOrDefault(Rule(scope.Route));

    private static int Rule(DriverRoute route) => Number(route.Settings, "rule", 0);

    private static string Host(DriverRoute route) => route.Settings.FromOwner("host", route.Endpoint);

    private static string RuleName(DriverRoute route) => route.Settings.FromOwner("destinationRule", KubernetesScope.NameOf(route));

    private static KubernetesResource RuleResource(KubernetesScope scope) => KubernetesResource.DestinationRules(scope.Namespace, Version(scope));

    /// <summary>Before Istio 1.22 the API was called <c>v1beta1</c>.</summary>
    private static string Version(KubernetesScope scope) => scope.Route.Settings.FromOperator("istioApi", "v1");

    private static string Text(string @namespace, string name, int rule, IEnumerable<string> destinations, string? mirror) =>
        $"{@namespace}/{name} HTTP rule {rule} sends to {string.Join(", ", destinations.Order(StringComparer.Ordinal))}"
        + (mirror is null ? "" : $" and copies to {mirror}");
}
