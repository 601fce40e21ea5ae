using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>What other gates would have decided about a past deployment, by its evidence.</summary>
public static class Rejudgement
{
    private const string NotMeasured = "the deployment did not measure it";

    /// <summary>The results by the gates that were asked for then.</summary>
    public static IReadOnlyList<GateResult> Of(DeploymentEvidence evidence, CancellationToken cancellationToken) =>
        Of(evidence, evidence.Policy, evidence.Policy.Distribution is { } gate ? [gate] : [], cancellationToken);

    /// <summary>
    /// The results by other gates. Health, schema and compatibility are facts, and count as they were found. A gate that was not measured then is
    /// inconclusive, and one without a measurement behind it keeps its verdict.
    /// </summary>
    /// <param name="evidence">What was measured.</param>
    /// <param name="gates">What is asked; its distribution gate is not.</param>
    /// <param name="distributions">The distribution gates that are asked, one per statistic.</param>
    /// <param name="cancellationToken">Ends the judging.</param>
    public static IReadOnlyList<GateResult> Of(
        DeploymentEvidence evidence, GatePolicy gates, IReadOnlyList<DistributionGate> distributions, CancellationToken cancellationToken)
    {
        var results = new List<GateResult>();
        foreach (var (fact, isAsked) in new[]
        {
            (GateNames.Health, gates.Health is not null), (GateNames.Schema, gates.Schema is not null), (GateNames.Compatibility, gates.Compatibility is not null),
        })
        {
            if (evidence.Find(fact) is { } found) results.AddRange(found.Results);
            else if (isAsked) results.Add(Unmeasured.Of(fact, "", null, NotMeasured));
        }

        if (gates.Latency is { } latency)
            results.AddRange(Again(evidence, GateNames.Latency, found => found.Latency?.Judge(latency), LatencyEvidence.Nothing(latency, NotMeasured)));
        if (gates.ErrorRate is { } errorRate)
            results.AddRange(Again(evidence, GateNames.ErrorRate, found => One(found.ErrorRate?.Judge(errorRate)), [Unmeasured.Of(GateNames.ErrorRate, "share", errorRate.Max, NotMeasured)]));
        if (gates.Golden is { } golden)
            results.AddRange(Again(evidence, GateNames.Golden, found => found.Golden?.Judge(golden), GoldenEvidence.Nothing(golden, NotMeasured)));
        foreach (var gate in distributions)
        {
            results.AddRange(Again(
                evidence, GateNames.Distribution,
                found => One(found.Distribution is { } scores ? scores.Calibrate(gate, scores.Judge(gate), cancellationToken) : null),
                [DistributionEvidence.Nothing(gate, NotMeasured)]));
        }

        if (gates.Paired is { } paired)
            results.AddRange(Again(evidence, GateNames.Paired, found => One(found.Paired?.Judge(paired)), [PairedEvidence.Nothing(paired, NotMeasured)]));
        if (gates.Features is { } features)
            results.AddRange(Again(evidence, GateNames.Features, found => found.Features?.Judge(features), FeatureEvidence.Nothing(features, NotMeasured)));
        foreach (var gate in gates.External ?? [])
        {
            results.AddRange(Again(
                evidence, $"{GateNames.External}{gate.Name}", found => One(found.External?.Judge(gate)), [ExternalEvidence.Nothing(gate, NotMeasured)]));
        }

        return results;
    }

    private static GateResult[]? One(GateResult? result) => result is null ? null : [result];

    /// <summary>Judged again where there is a measurement; otherwise what was told then, of what is asked now.</summary>
    private static IEnumerable<GateResult> Again(
        DeploymentEvidence evidence, string gate, Func<GateEvidence, IReadOnlyList<GateResult>?> judge, IReadOnlyList<GateResult> nothing)
    {
        if (evidence.Find(gate) is not { } found) return nothing;
        if (judge(found) is { } again) return again;
        return nothing.Select(asked => found.Results.FirstOrDefault(told => told.Gate == asked.Gate) switch
        {
            { Verdict: Verdict.Passed or Verdict.Failed } told when told.Threshold != asked.Threshold => asked with { Summary = "no measurement was kept" },
            { } told => told,
            _ => asked with { Verdict = found.Results.Count > 0 && found.Results.All(told => told.Verdict == Verdict.NotApplicable) ? Verdict.NotApplicable : asked.Verdict },
        });
    }
}
