using BlueGreen.Contracts;

namespace BlueGreen.Cli.Judging;

/// <summary>
/// What another policy would have decided about a past deployment: its gates' stored values and intervals against other limits. A gate that
/// the other policy does not ask for keeps its verdict out; one that was never measured is inconclusive.
/// </summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Verdicts">By the other policy.</param>
/// <param name="WouldPass">Whether green would have been let through: every gate asked for passed or did not apply.</param>
internal sealed record StoredJudgement(Guid Deployment, IReadOnlyList<GateResult> Verdicts, bool WouldPass)
{
    public static StoredJudgement Of(Guid deployment, IReadOnlyList<GateResult> stored, GateFile gates)
    {
        var results = gates.Distributions
            .Select(gate => Again($"distribution-{gate.Statistic}", gate.Margin, stored))
            .Concat(gates.Limits.Select(limit => Again(limit.Key, limit.Value, stored)))
            .Concat(stored.Where(result => result.Gate is "health" or "schema")).ToList();
        return new(deployment, results, results.Count > 0 && results.All(result => result.Verdict is Verdict.Passed or Verdict.NotApplicable));
    }

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
                Summary = "the deployment did not measure it",
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
