using BlueGreen.Chaos.Serving;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Scripts;

/// <summary>Makes a seed's script.</summary>
internal static class ScriptWriter
{
    public const string FirstEndpoint = "alpha";
    public const string SecondEndpoint = "beta";

    /// <summary>Releases after the first, on each endpoint.</summary>
    private const int Releases = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static ChaosScript Write(int seed)
    {
        var random = new Random(seed);
        FaultStep[] faults = [.. Faults(seed, random)];
        return new ChaosScript(
            seed, [.. Promotions(FirstEndpoint, faults.Where((_, index) => index % 2 == 0), random),
                .. Promotions(SecondEndpoint, faults.Where((_, index) => index % 2 == 1), random)], faults);
    }

    /// <summary>A good release, then such as bring about the states that the faults wait for, then whatever comes.</summary>
    private static IEnumerable<PromotionStep> Promotions(string endpoint, IEnumerable<FaultStep> faults, Random random)
    {
        var awaited = faults.Select(fault => fault.State).ToList();
        for (var release = 0; release <= Releases; release++)
        {
            var state = release > 0 && release <= awaited.Count ? awaited[release - 1] : null;
            var kind = release == 0 ? ReleaseKind.Good : Kind(state, random);
            // It comes while another is under way, and sometimes the next one takes its place.
            var isHasty = state == "Queued" || (state is null && release > 0 && random.Next(4) == 0);
            var alarmed = kind == ReleaseKind.Alarmed;
            yield return new PromotionStep(
                Seconds(random, 0, 2.5), isHasty ? TimeSpan.Zero : Patience, endpoint, $"{endpoint}-{release + 1}", kind,
                alarmed ? random.Next(2) == 0 ? "Baking" : "Retaining" : null, alarmed ? Seconds(random, 0, 1.5) : TimeSpan.Zero);
        }
    }

    /// <summary>A release that passes through a state; any where every release does.</summary>
    private static ReleaseKind Kind(string? state, Random random) => state switch
    {
        "RollingBack" => random.Next(2) == 0 ? ReleaseKind.Alarmed : ReleaseKind.FailingLive,
        "TearingDown" => random.Next(2) == 0 ? ReleaseKind.Failing : ReleaseKind.Crashing,
        "Releasing" or "Committing" or "Retaining" => ReleaseKind.Good,
        "Warming" or "Validating" or "Switching" or "Baking" => random.Next(2) == 0 ? ReleaseKind.Good : ReleaseKind.Alarmed,
        _ => (ReleaseKind)random.Next(Enum.GetValues<ReleaseKind>().Length),
    };

    private static IEnumerable<FaultStep> Faults(int seed, Random random)
    {
        foreach (var (label, kind, service, state) in FaultCatalogue.Of(seed))
        {
            yield return new FaultStep(
                label, kind, Services(kind, service, random), state, Seconds(random, 0.5, 5), Patience, Lasts(kind, random), random.Next());
        }
    }

    private static string[] Services(FaultKind kind, string? service, Random random)
    {
        if (service is not null) return [service];
        var count = kind switch
        {
            FaultKind.Kill => random.Next(2, 4),
            FaultKind.Pause => 1,
            FaultKind.Cut or FaultKind.Delay => random.Next(1, 8),
            _ => 0,
        };
        var names = ServiceProgram.All.Select(program => program.Name).ToArray();
        random.Shuffle(names);
        return names[..count];
    }

    private static TimeSpan Lasts(FaultKind kind, Random random) => kind switch
    {
        FaultKind.Kill => Seconds(random, 0, 4),
        // Longer than a work item's lease: somebody else may have taken over when the sleeper wakes.
        FaultKind.Pause => Seconds(random, 0.5, 9),
        FaultKind.Duplicate => TimeSpan.Zero,
        FaultKind.Cut or FaultKind.Delay or FaultKind.Reorder => Seconds(random, 1, 6),
        _ => Seconds(random, 0, 5),
    };

    private static TimeSpan Seconds(Random random, double from, double to) =>
        TimeSpan.FromMilliseconds(Math.Round(1_000 * (from + (random.NextDouble() * (to - from)))));
}
