using BlueGreen.Chaos.Evidence;

namespace BlueGreen.Chaos.Judging;

/// <summary>Judges a seed by its evidence alone.</summary>
internal static class Judge
{
    public static SeedVerdict Of(SeedEvidence evidence) => new(
        [.. LossJudge.Find(evidence)],
        [.. EffectJudge.Find(evidence)],
        [
            .. RouteJudge.Find(evidence), .. AnswerJudge.FindViolations(evidence), .. FleetJudge.Find(evidence),
            .. FaultJudge.Find(evidence),
        ],
        [.. QuietJudge.Find(evidence)],
        [.. AnswerJudge.FindFailures(evidence)]);
}
