using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.route.driver</c>.</summary>
internal static partial class DriverSection
{
    private static readonly string[] Kinds = ["haproxy", "nginx", "dns", "http", "kubernetes-service", "gateway-api", "istio", "aws-alb"];

    /// <summary>Those that can move traffic by steps; the others move all of it at once.</summary>
    private static readonly string[] ByShares = ["gateway-api", "istio", "aws-alb"];

    /// <summary>Those that can send copies of requests.</summary>
    private static readonly string[] Copying = ["gateway-api", "istio"];

    /// <summary>Refuses what the load balancer could not do: the routers do not see its requests, and cannot do it in its place.</summary>
    public static void Judge(PolicySection route, TrafficPolicy traffic)
    {
        if (traffic.Driver?.Kind is not { } kind) return;
        route.Rule(
            traffic.Shift is null || ByShares.Contains(kind, StringComparer.Ordinal),
            $"The driver {kind} moves all traffic at once: leave shift out. By steps move {string.Join(", ", ByShares)}.", "shift", "driver");
        route.Rule(
            traffic.Shift is null or { StickyHeader: null, StickyCookie: null },
            $"The driver {kind} leaves it to the load balancer who keeps a client at one model: leave stickyHeader and stickyCookie out.", "shift", "driver");
        route.Rule(
            (traffic.MirrorToGreen <= 0 && traffic.MirrorToBlue <= 0) || Copying.Contains(kind, StringComparer.Ordinal),
            $"The driver {kind} cannot copy requests: leave mirror out. Copies are sent by {string.Join(", ", Copying)}.", "mirror", "driver");
    }

    public static TrafficDriver Read(PolicySection driver)
    {
        var kind = driver.Required("kind", OneOf(Kinds), "What it is.");
        var target = driver.OptionalText(
            "target", Text(NameRegex(), "a name such as edge", "edge"),
            "Which one: its name in the routers' configuration (`BlueGreen:Router:Drivers:<target>`). Default: the kind.");
        var settings = driver.OptionalPairs("settings", "What the kind needs to know of this endpoint: see docs/drivers.md.");
        return new TrafficDriver { Kind = kind, Target = target, Settings = settings };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();
}
