using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Cli.Judging;

/// <summary>
/// What other gates would have decided about a past deployment: judged again by the evidence that they left; where that is gone, by the
/// values and intervals of their results against the other limits.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Verdicts">By the other gates.</param>
/// <param name="WouldPass">Whether green would have been let through.</param>
/// <param name="Why">Why not.</param>
/// <param name="Basis"><c>evidence</c> or <c>results</c>.</param>
/// <param name="PolicyHash">SHA-256 of the gates that judged then; null when no evidence is left.</param>
/// <param name="Passed">Whether green was let through then; null when no evidence is left.</param>
internal sealed record StoredJudgement(
    Guid Deployment, IReadOnlyList<GateResult> Verdicts, bool WouldPass, string? Why, string Basis, string? PolicyHash = null, bool? Passed = null)
{
    private const string NotMeasured = "the deployment did not measure it";

    /// <param name="evidence">What the gates judged.</param>
    /// <param name="gates">The other gates; null: those that judged then.</param>
    /// <param name="ct">Ends the judging.</param>
    public static StoredJudgement Of(DeploymentEvidence evidence, GateFile? gates, CancellationToken ct)
    {
        var results = gates is null ? Rejudgement.Of(evidence, ct) : Rejudgement.Of(evidence, gates.Gates, gates.Distributions, ct);
        var why = Decision.WhyNot(results);
        return new(evidence.DeploymentId, results, why is null, why, "evidence", evidence.PolicyHash, evidence.Passed);
    }

    public static StoredJudgement Of(Guid deployment, IReadOnlyList<GateResult> stored, GateFile gates)
    {
        var results = gates.Distributions
            .Select(gate => Again($"distribution-{gate.Statistic}", gate.Margin, stored))
            .Concat(gates.Limits.Select(limit => Again(limit.Key, limit.Value, stored)))
            .Concat(gates.BeyondLimits(NotMeasured).Select(asked => Kept(asked, stored)))
            .Concat(stored.Where(result => result.Gate is GateNames.Health or GateNames.Schema or GateNames.Compatibility))
            .Concat(gates.Facts().Where(fact => !stored.Any(result => result.Gate == fact)).Select(fact => Unmeasured.Of(fact, "", null, NotMeasured))).ToList();
        var why = Decision.WhyNot(results);
        return new(deployment, results, why is null, why, "results");
    }

    /// <summary>Values alone do not tell what another limit would have made of these: only the same one does.</summary>
    private static GateResult Kept(GateResult asked, IReadOnlyList<GateResult> stored) =>
        stored.FirstOrDefault(result => result.Gate == asked.Gate) is not { } told ? asked
        : told.Threshold == asked.Threshold ? told
        : asked with { Summary = "no measurement was kept" };

    private static GateResult Again(string gate, double limit, IReadOnlyList<GateResult> stored)
    {
        if (stored.FirstOrDefault(result => result.Gate == gate) is not { } result)
            return new()
            {
                Gate = gate,
                Verdict = Verdict.Inconclusive,
                Threshold = limit,
                Unit = "",
                Samples = 0,
                Summary = NotMeasured,
            };
        if (result.Value is not { } value) return result with { Threshold = limit };
        var isDistribution = gate.StartsWith("distribution-", StringComparison.Ordinal);
        var atLeast = gate is "golden-recall" or "golden-accuracy";
        var (low, high) = isDistribution ? (result.IntervalLow ?? value, result.IntervalHigh ?? value) : (value, value);
        var verdict = atLeast ? (value >= limit ? Verdict.Passed : Verdict.Failed)
            : high <= limit ? Verdict.Passed
            : low > limit ? Verdict.Failed
            : Verdict.Inconclusive;
        return result with
        {
            Verdict = verdict,
            Threshold = limit,
            Summary = FormattableString.Invariant($"{value:0.####} {result.Unit} against {limit:0.####} (then {result.Verdict} against {result.Threshold:0.####})"),
        };
    }
}
