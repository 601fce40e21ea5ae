using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.route.driver</c>.</summary>
internal static partial class DriverSection
{
    /// <summary>Those that move all traffic at once.</summary>
    private static readonly string[] AtOnce = ["haproxy", "nginx", "dns", "http", "kubernetes-service"];

    /// <summary>Those that can move it by steps, too.</summary>
    private static readonly string[] ByShares = ["gateway-api", "istio", "aws-alb"];

    public static bool Shifts(TrafficDriver? driver) => driver is null || ByShares.Contains(driver.Kind, StringComparer.Ordinal);

    public static TrafficDriver Read(PolicySection driver)
    {
        var kind = driver.Required("kind", OneOf([.. AtOnce, .. ByShares]), "What it is.");
        var target = driver.OptionalText(
            "target", Text(NameRegex(), "a name such as edge", "edge"),
            "Which one: its name in the routers' configuration (`BlueGreen:Router:Drivers:<target>`). Default: the kind.");
        var settings = driver.OptionalPairs("settings", "What the kind needs to know of this endpoint: see docs/drivers.md.");
        return new TrafficDriver { Kind = kind, Target = target, Settings = settings };
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();
}
