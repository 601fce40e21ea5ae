using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Drivers.Alb;

/// <summary>Which of the two groups holds whom, and with which weight, for a route.</summary>
internal sealed record AlbPlan
{
    public required string LiveGroup { get; init; }
    public required string OtherGroup { get; init; }

    /// <summary>By group: the targets that are to be in it.</summary>
    public required IReadOnlyDictionary<string, IReadOnlySet<string>> Targets { get; init; }

    /// <summary>By group.</summary>
    public required IReadOnlyDictionary<string, int> Weights { get; init; }

    /// <summary>An environment stays in the group where it is; a new one goes where fewest requests go, and never to the way back's.</summary>
    public static AlbPlan Of(DriverRoute route, AlbPicture now)
    {
        var live = TargetsOf(route.Live);
        var other = BesideOf(route) is { } beside ? TargetsOf(beside) : [];
        var groups = now.Targets.Keys.ToArray();
        var held = groups.OrderByDescending(group => live.Count(now.Targets[group].ContainsKey)).First();
        var besides = groups.OrderByDescending(group => other.Count(now.Targets[group].ContainsKey)).First();
        var group = live.Any(now.Targets[held].ContainsKey) ? held
            : other.Any(now.Targets[besides].ContainsKey) ? groups.First(candidate => candidate != besides)
            : groups.OrderBy(now.WeightOf).First();
        var rest = groups.First(candidate => candidate != group);
        var weights = TrafficWeights.Of(route);
        return new AlbPlan
        {
            LiveGroup = group,
            OtherGroup = rest,
            Targets = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal) { [group] = live, [rest] = other },
            Weights = new Dictionary<string, int>(StringComparer.Ordinal) { [group] = weights.Live, [rest] = weights.Standby },
        };
    }

    public static string Describe(DriverRoute route)
    {
        var weights = TrafficWeights.Of(route);
        return AlbText.State(
            [
                (AlbText.Targets(TargetsOf(route.Live)), weights.Live),
                (BesideOf(route) is { } beside ? AlbText.Targets(TargetsOf(beside)) : "", weights.Standby),
            ],
            []);
    }

    /// <returns>Why the route cannot be followed; null: it can.</returns>
    public static string? ProblemOf(DriverRoute route)
    {
        var replicas = new[] { route.Live, BesideOf(route) }.OfType<RouteTarget>().SelectMany(target => target.Replicas);
        return replicas.FirstOrDefault(replica => DriverAddresses.AddressOf(replica.Address) is null) is { } replica
            ? $"{replica.Address} has a name for a host: targets are IP addresses."
            : null;
    }

    /// <summary>Who is kept at hand in the other group: the way back, or else whoever comes next, so that it is healthy when it is switched to.</summary>
    private static RouteTarget? BesideOf(DriverRoute route) => route.Standby ?? route.Candidate;

    private static HashSet<string> TargetsOf(RouteTarget target) =>
        target.Replicas.Select(replica => DriverAddresses.Of(replica.Address)).ToHashSet(StringComparer.Ordinal);
}
