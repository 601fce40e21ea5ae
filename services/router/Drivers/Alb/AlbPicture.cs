namespace BlueGreen.Router.Drivers.Alb;

/// <summary>What stands in the load balancer.</summary>
internal sealed record AlbPicture
{
    /// <summary>Weights of target groups, by ARN; a group that the rule does not name is not in it.</summary>
    public required IReadOnlyDictionary<string, int> Weights { get; init; }

    /// <summary>Clients are kept at the target group they met first.</summary>
    public required bool IsSticky { get; init; }

    /// <summary>What the rule does besides forwarding, e.g. <c>authenticate-oidc</c>; null: nothing.</summary>
    public string? OtherAction { get; init; }

    /// <summary>Registered targets of the two groups, <c>address:port</c>, with their health.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Targets { get; init; }

    public required DriverMark? Mark { get; init; }

    /// <summary>The targets of a group as <see cref="AlbDriver.Describe"/> writes them.</summary>
    public string TextOf(string group) => AlbText.Targets(Targets[group].Keys);

    public int WeightOf(string group) => Weights.GetValueOrDefault(group);

    public string State => AlbText.State(
        Targets.Keys.Select(group => (TextOf(group), WeightOf(group))),
        [
            .. Weights.Keys.Where(group => !Targets.ContainsKey(group)).Select(group => $"also sends to {group}={Weights[group]}"),
            .. IsSticky ? ["keeps clients where they were"] : Array.Empty<string>(),
            .. OtherAction is { } other ? [$"also does {other}"] : Array.Empty<string>(),
        ]);
}
