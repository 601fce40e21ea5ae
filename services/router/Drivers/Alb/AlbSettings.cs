using System.Globalization;

namespace BlueGreen.Router.Drivers.Alb;

/// <summary>One rule of an AWS Application Load Balancer and the two target groups it shares requests out to. All of it is the operator's word.</summary>
internal sealed record AlbSettings
{
    /// <summary>ARN of a listener's rule that is not its default one.</summary>
    public required string Rule { get; init; }

    /// <summary>ARNs of two target groups of type <c>ip</c> that only this rule uses.</summary>
    public required IReadOnlyList<string> TargetGroups { get; init; }

    public required string Region { get; init; }

    /// <summary>Address of the API; by default the region's.</summary>
    public required Uri Address { get; init; }

    /// <summary>Null: as the machine, the container or the pod is known to AWS.</summary>
    public string? AccessKey { get; init; }
    public string? SecretKey { get; init; }
    public string? SessionToken { get; init; }

    /// <summary>How long new targets may take until they are healthy, within one attempt.</summary>
    public required TimeSpan Convergence { get; init; }

    /// <summary>How often they are asked for meanwhile.</summary>
    public required TimeSpan Poll { get; init; }

    public static AlbSettings Of(DriverSettings settings)
    {
        var region = settings.FromOperator("region", "us-east-1");
        return new AlbSettings
        {
            Rule = settings.FromOperator("rule", ""),
            TargetGroups = Groups(settings),
            Region = region,
            Address = new Uri(settings.FromOperator("address", $"https://elasticloadbalancing.{region}.amazonaws.com/")),
            AccessKey = settings.FromOperator("accessKey"),
            SecretKey = settings.FromOperator("secretKey"),
            SessionToken = settings.FromOperator("sessionToken"),
            Convergence = Time(settings, "convergence", TimeSpan.FromSeconds(8)),
            Poll = Time(settings, "poll", TimeSpan.FromMilliseconds(500)),
        };
    }

    public static IReadOnlyList<string> ProblemsOf(DriverSettings settings)
    {
        var prefix = $"BlueGreen:Router:Drivers:{settings.Target}";
        var problems = settings.Missing([], ["rule", "targetGroups", "region"]).ToList();
        if (Groups(settings).Distinct(StringComparer.Ordinal).Count() != 2) problems.Add($"{prefix}:targetGroups must be two ARNs with a comma between.");
        if (settings.FromOperator("accessKey") is null != settings.FromOperator("secretKey") is null)
            problems.Add($"{prefix} must have accessKey and secretKey, or neither.");
        if (settings.FromOperator("address") is { } address && !Uri.TryCreate(address, UriKind.Absolute, out _))
            problems.Add($"{prefix}:address must be an address.");
        foreach (var name in new[] { "convergence", "poll" })
        {
            if (settings.FromOperator(name) is { } text && !(TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero))
                problems.Add($"{prefix}:{name} must be a time such as 00:00:05.");
        }

        return problems;
    }

    private static string[] Groups(DriverSettings settings) =>
        settings.FromOperator("targetGroups", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static TimeSpan Time(DriverSettings settings, string name, TimeSpan fallback) =>
        settings.FromOperator(name) is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
