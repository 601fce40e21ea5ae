using BlueGreen.Contracts;
using BlueGreen.Judging.Distributions;
using BlueGreen.Judging.Statistics;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Bench.Gates;

/// <summary>One gate as the validator plays it: look, and while undecided take twice as many samples.</summary>
internal static class Trial
{
    public static GateResult Play(DistributionGate gate, double shift, int seed)
    {
        var random = new Random(seed);
        var confidence = DistributionTest.ShareOfConfidence(gate.Confidence, DistributionTest.Looks(gate.MinSamples, gate.MaxSamples));
        List<double> blue = [], green = [];
        for (var target = gate.MinSamples; ; target = Math.Min(gate.MaxSamples, 2 * target))
        {
            while (blue.Count < target) blue.Add(Normal.Sample(random, 0, 1));
            while (green.Count < target) green.Add(Normal.Sample(random, shift, 1));
            var result = DistributionTest.Judge(gate, SortedSample.Of([.. blue]), SortedSample.Of([.. green]), confidence);
            if (result.Verdict != Verdict.Inconclusive || target == gate.MaxSamples) return result;
        }
    }
}
