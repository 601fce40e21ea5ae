using BlueGreen.Contracts;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// What a driver needs to know, from two hands: the endpoint's owner says in the policy what concerns the endpoint (a name, a key, a weight),
/// the operator in <c>BlueGreen:Router:Drivers:{target}</c> what reaches into machines (addresses, files, commands, secrets). A policy
/// cannot make a router call an address or run a command that its operator has not named.
/// </summary>
internal sealed record DriverSettings
{
    /// <summary>The policy's <c>route.driver.kind</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The policy's <c>route.driver.target</c>, or the kind.</summary>
    public required string Target { get; init; }

    /// <summary>The policy's <c>route.driver.settings</c>; names are compared exactly.</summary>
    public required IReadOnlyDictionary<string, string> Owner { get; init; }

    /// <summary>The routers' configuration of the target; names are compared without regard to case.</summary>
    public required IReadOnlyDictionary<string, string> Operator { get; init; }

    /// <summary>False: the target's name is not in the routers' configuration.</summary>
    public bool IsKnown => Operator.Count > 0;

    /// <summary>How the target is called in messages, e.g. <c>haproxy/edge</c>.</summary>
    public string Name => Target == Kind ? Kind : $"{Kind}/{Target}";

    /// <summary>
    /// What of the target is written to, as the policy names it: the target and the owner's settings. Another place has another past. Without
    /// the operator's word, which may hold secrets.
    /// </summary>
    public string Place => string.Join(" ", Owner.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").Prepend(Name));

    /// <summary>The owner's word, or the fallback.</summary>
    public string FromOwner(string name, string fallback) => Owner.GetValueOrDefault(name, fallback);

    /// <summary>The owner's word; null: nothing said.</summary>
    public string? FromOwner(string name) => Owner.GetValueOrDefault(name);

    /// <summary>The operator's word, or the fallback.</summary>
    public string FromOperator(string name, string fallback) => Operator.GetValueOrDefault(name, fallback);

    /// <summary>The operator's word; null: nothing said.</summary>
    public string? FromOperator(string name) => Operator.GetValueOrDefault(name);

    public static DriverSettings Of(TrafficDriver driver, RouterOptions options)
    {
        var target = driver.Target ?? driver.Kind;
        return new DriverSettings
        {
            Kind = driver.Kind,
            Target = target,
            Owner = driver.Settings,
            Operator = new Dictionary<string, string>(
                options.Drivers.FirstOrDefault(known => string.Equals(known.Key, target, StringComparison.OrdinalIgnoreCase)).Value ?? [],
                StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>Problems, as <see cref="ITrafficDriver.Check"/> reports them, of settings that must be there.</summary>
    public IEnumerable<string> Missing(IReadOnlyList<string> owner, IReadOnlyList<string> operators) =>
    [
        .. owner.Where(name => string.IsNullOrWhiteSpace(FromOwner(name))).Select(name => $"The policy's route.driver.settings must have '{name}'."),
        .. operators.Where(name => string.IsNullOrWhiteSpace(FromOperator(name)))
            .Select(name => $"The routers' configuration must have BlueGreen:Router:Drivers:{Target}:{name}."),
    ];
}
