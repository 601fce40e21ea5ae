namespace BlueGreen.Router.Drivers.Alb;

/// <summary>
/// Weighs the two target groups of one rule of an AWS Application Load Balancer. An environment's replicas are registered in the group that is
/// not in use, and get requests when all of them are healthy. The API has no compare-and-swap: of two who write at once the last one stands,
/// and the marks tell.
/// </summary>
internal sealed class AlbDriver(AlbApi api, TimeProvider clock) : ITrafficDriver
{
    private const string Healthy = "healthy";
    private readonly AlbReader _reader = new(api);

    public string Kind => "aws-alb";

    public bool Shifts => true;

    public IReadOnlyList<string> Check(DriverSettings settings) => AlbSettings.ProblemsOf(settings);

    public string Describe(DriverRoute route) => AlbPlan.Describe(route);

    public async Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _reader.ReadAsync(AlbSettings.Of(route.Settings), cancellationToken);
            return DriverReading.Of(found.State, found.Mark);
        }
        catch (AlbFailureException exception)
        {
            return DriverReading.Failed(exception.Message);
        }
    }

    public async Task<DriverResult> ApplyAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken)
    {
        try
        {
            var problem = AlbPlan.ProblemOf(route) ?? await WriteAsync(route, seen, cancellationToken);
            return problem is null ? DriverResult.Done : DriverResult.Failed(problem);
        }
        catch (AlbFailureException exception)
        {
            return DriverResult.Failed(exception.Message);
        }
    }

    private async Task<string?> WriteAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken)
    {
        var settings = AlbSettings.Of(route.Settings);
        var now = await _reader.ReadAsync(settings, cancellationToken);
        if (now.State != seen.State || now.Mark != seen.Mark) return $"Somebody else changed the rule meanwhile: {now.State}";
        if (now.OtherAction is { } other) return $"The rule also does {other}, which a change of its weights would lose.";
        var writer = new AlbWriter(api, settings, route);
        var plan = AlbPlan.Of(route, now);
        now = await FillAsync(writer, plan, now, cancellationToken);
        if (await UnhealthyAsync(settings, plan, cancellationToken) is { } problem) return problem;
        now = await LetGoAsync(writer, plan, now, isServing: true, cancellationToken);
        if (now.IsSticky || !IsWeighed(now, plan)) now = await writer.WeighAsync(now, plan.Weights, cancellationToken);
        now = await LetGoAsync(writer, plan, now, isServing: false, cancellationToken);
        if (now.Mark != DriverMark.Of(route, now.State)) await writer.MarkAsync(now, cancellationToken);
        return null;
    }

    /// <summary>Whoever is missing in a group comes in. A group that the rule does not name is not checked for health: it is named first.</summary>
    private static async Task<AlbPicture> FillAsync(AlbWriter writer, AlbPlan plan, AlbPicture now, CancellationToken cancellationToken)
    {
        if (plan.Weights.Keys.Any(group => !now.Weights.ContainsKey(group)))
            now = await writer.WeighAsync(now, plan.Weights.ToDictionary(group => group.Key, group => now.WeightOf(group.Key), StringComparer.Ordinal), cancellationToken);
        foreach (var (group, wanted) in plan.Targets)
        {
            var missing = wanted.Where(target => !now.Targets[group].ContainsKey(target)).ToArray();
            if (missing.Length > 0) now = await writer.RegisterAsync(now, group, missing, cancellationToken);
        }

        return now;
    }

    /// <summary>From groups that get requests before the weights change, so that nobody else gets them; from the others after, when nobody does.</summary>
    private static async Task<AlbPicture> LetGoAsync(AlbWriter writer, AlbPlan plan, AlbPicture now, bool isServing, CancellationToken cancellationToken)
    {
        foreach (var (group, wanted) in plan.Targets)
        {
            if (plan.Weights[group] > 0 != isServing) continue;
            var extra = now.Targets[group].Keys.Where(target => !wanted.Contains(target)).ToArray();
            if (extra.Length > 0) now = await writer.DeregisterAsync(now, group, extra, cancellationToken);
        }

        return now;
    }

    private static bool IsWeighed(AlbPicture now, AlbPlan plan) =>
        now.Weights.Count == plan.Weights.Count && plan.Weights.All(group => now.WeightOf(group.Key) == group.Value);

    private async Task<string?> UnhealthyAsync(AlbSettings settings, AlbPlan plan, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            var problem = await LookAsync(settings, plan, cancellationToken);
            if (problem is null || clock.GetElapsedTime(started) > settings.Convergence) return problem;
            await Task.Delay(settings.Poll, clock, cancellationToken);
        }
    }

    private async Task<string?> LookAsync(AlbSettings settings, AlbPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (group, wanted) in plan.Targets)
        {
            if (plan.Weights[group] == 0) continue;
            var health = await _reader.TargetsAsync(settings, group, cancellationToken);
            if (wanted.FirstOrDefault(target => health.GetValueOrDefault(target) != Healthy) is { } target)
                return $"{target} is {health.GetValueOrDefault(target) ?? "not registered"}, not healthy: traffic stays where it is.";
        }

        return null;
    }
}
