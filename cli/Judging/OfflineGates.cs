using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Cli.Judging;

/// <summary>The distribution gates' verdicts on two files: those that the validator would give if models had answered so.</summary>
internal static class OfflineGates
{
    public static IEnumerable<GateResult> Judge(CsvColumn baseline, CsvColumn candidate, IReadOnlyList<DistributionGate> gates)
    {
        var evidence = new DistributionEvidence
        {
            Blue = baseline.ToSide(),
            Green = candidate.ToSide(),
            Available = Math.Min(baseline.Rows, candidate.Rows),
            // No looks were taken: each gate takes its own.
            MinSamples = 0,
            MaxSamples = 0,
            Fewest = DistributionTest.FewestScores,
            ToleratedMissingShare = DistributionEvidence.UsuallyToleratedMissingShare,
            IsExhausted = true,
        };
        return gates.Select(gate => Judge(evidence, gate));
    }

    private static GateResult Judge(DistributionEvidence evidence, DistributionGate gate)
    {
        if (gate.SliceBy is null) return evidence.Judge(gate);
        var whole = evidence.Judge(gate with { SliceBy = null });
        return whole with { Summary = $"{whole.Summary} (as a whole: files do not say {gate.SliceBy})" };
    }
}
