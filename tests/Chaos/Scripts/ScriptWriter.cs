using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Scripts;

/// <summary>Makes a seed's script.</summary>
internal static class ScriptWriter
{
    public static IReadOnlyList<string> Endpoints { get; } = ["alpha", "beta", "gamma", "delta", "epsilon"];

    /// <summary>Longer than a work item's lease: somebody else may have taken over when the sleeper wakes.</summary>
    private const double LongestPause = 7;

    public static ChaosScript Write(int seed)
    {
        var random = new Random(seed);
        var hasSecondRouter = random.Next(2) == 0;
        var stories = FaultCatalogue.Of(seed)
            .Zip(Endpoints, (aim, endpoint) => StoryWriter.Write(endpoint, aim.State, version => Fault(aim, version, hasSecondRouter, random), random))
            .ToList();
        return new ChaosScript(seed, hasSecondRouter, stories, Endpoints[random.Next(Endpoints.Count)]);
    }

    /// <summary>A time between two, in whole milliseconds.</summary>
    public static TimeSpan Seconds(this Random random, double from, double to) =>
        TimeSpan.FromMilliseconds(Math.Round(1_000 * (from + (random.NextDouble() * (to - from)))));

    private static FaultStep Fault(
        (string Label, FaultKind Kind, string? Service, string State) aim, string version, bool hasSecondRouter, Random random) => new(
            aim.Label, aim.Kind, Services(aim.Kind, aim.Service, hasSecondRouter, random), aim.State, version, After(aim.State, random),
            Lasts(aim.Kind, random), random.Next());

    /// <summary>Some states are over before a second look: there it is now or never.</summary>
    private static TimeSpan After(string state, Random random) =>
        state is "Switching" or "Releasing" or "Committing" or "RollingBack" or "TearingDown" || random.Next(2) == 0
            ? TimeSpan.Zero
            : random.Seconds(0, 0.4);

    private static string[] Services(FaultKind kind, string? service, bool hasSecondRouter, Random random)
    {
        if (service == ServiceProgram.Router && hasSecondRouter && random.Next(2) == 0) return [PlatformProcesses.SecondRouter];
        if (service is not null) return [service];
        var names = ServiceProgram.All.Select(program => program.Name).Concat(hasSecondRouter ? [PlatformProcesses.SecondRouter] : []).ToArray();
        var count = kind switch
        {
            FaultKind.Kill => random.Next(2, 4),
            FaultKind.Pause => 1,
            FaultKind.Cut or FaultKind.Delay => random.Next(1, names.Length + 1),
            _ => 0,
        };
        random.Shuffle(names);
        return names[..count];
    }

    private static TimeSpan Lasts(FaultKind kind, Random random) => kind switch
    {
        FaultKind.Kill => random.Seconds(0, 3),
        FaultKind.Pause => random.Seconds(0.5, LongestPause),
        FaultKind.Duplicate => TimeSpan.Zero,
        FaultKind.Cut or FaultKind.Delay or FaultKind.Reorder => random.Seconds(1, 5),
        _ => random.Seconds(0, 3),
    };
}
