using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Bench.Gates;

/// <summary>One gate as the validator plays it, by the record that it judges by: look, and while undecided take twice as many samples.</summary>
internal static class Trial
{
    private const int Fewest = 100;

    public static GateResult Play(DistributionGate gate, double shift, int seed)
    {
        var random = new Random(seed);
        List<double> blue = [], green = [];
        var evidence = new DistributionEvidence
        {
            Green = SideScores.Empty,
            Blue = SideScores.Empty,
            Available = gate.MaxSamples,
            MinSamples = gate.MinSamples,
            MaxSamples = gate.MaxSamples,
            Fewest = Fewest,
            ToleratedMissingShare = 0,
        };
        GateResult? result = null;
        while (result is not { Verdict: not Verdict.Inconclusive } && evidence.Next(gate) is { } size)
        {
            while (blue.Count < size) blue.Add(Normal.Sample(random, 0, 1));
            while (green.Count < size) green.Add(Normal.Sample(random, shift, 1));
            evidence = evidence with { Green = new() { Scores = green }, Blue = new() { Scores = blue }, Looks = [.. evidence.Looks, new(size, size)] };
            result = evidence.Judge(gate);
        }

        return result!;
    }
}
