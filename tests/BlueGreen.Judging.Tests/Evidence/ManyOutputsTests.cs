using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using CsCheck;

namespace BlueGreen.Judging.Tests.Evidence;

public sealed class ManyOutputsTests
{
    private const int Rows = 600;

    private static readonly DistributionGate Gate = new() { Statistic = "ks", Margin = 0.15, Confidence = 0.95, MinSamples = Rows, MaxSamples = Rows };

    /// <summary>Twenty outputs that are exactly at the margin: with 95 % confidence in each of them one in three gates would fail by luck.</summary>
    [Fact]
    public void Distribution_ManyOutputsAtTheMargin_ShareTheError()
    {
        var refused = Enumerable.Range(0, 100).Count(seed => Evidence(new Random(seed), 20, _ => Gate.Margin).Judge(Gate).Verdict == Verdict.Failed);
        Assert.InRange(refused, 0, 8);
    }

    [Fact]
    public void Distribution_TheSameModel_IsNeverRefusedWhateverTheOutputs() => Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 12]).Sample((seed, outputs) =>
    {
        var result = Evidence(new Random(seed), outputs, _ => 0).Judge(Gate);
        Assert.NotEqual(Verdict.Failed, result.Verdict);
        Assert.Equal(outputs > 1, result.Output is not null);
    }, iter: 50);

    [Fact]
    public void Distribution_OneOutputMoved_IsTheOneThatIsNamed() => Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, 5]).Sample((seed, moved) =>
    {
        var result = Evidence(new Random(seed), 6, output => output == moved ? 0.5 : 0).Judge(Gate);
        Assert.Equal((Verdict.Failed, $"o{moved}"), (result.Verdict, result.Output));
    }, iter: 30);

    [Fact]
    public void Paired_LabelsThatDiffer_CountAndFreeTextDoesNot()
    {
        string?[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? "a" : "b")];
        string?[] others = [.. labels.Select((label, row) => row % 10 == 0 ? "c" : label)];
        string?[] texts = [.. Enumerable.Range(0, Rows).Select(row => $"blue {row}")];
        var evidence = new PairedEvidence
        {
            Fewest = 100,
            Outputs = [new() { Name = "text", BlueLabels = texts, GreenLabels = labels }, new() { Name = "label", BlueLabels = labels, GreenLabels = others }],
        };
        var result = evidence.Judge(new() { MaxDisagreement = 0.05, Tolerance = 0, Requests = Rows });
        Assert.Equal((Verdict.Failed, "label", 0.1), (result.Verdict, result.Output, result.Value));
        Assert.Equal(Verdict.Passed, evidence.Judge(new() { MaxDisagreement = 0.15, Tolerance = 0, Requests = Rows }).Verdict);
        Assert.Equal(Verdict.Inconclusive, evidence.Judge(new() { MaxDisagreement = 0.15, Tolerance = 0, Requests = Rows, Ignore = ["label"] }).Verdict);
    }

    [Fact]
    public void Latency_Interval_HoldsTheTrueMedianAsOftenAsItSays()
    {
        var gate = new LatencyGate { P50 = TimeSpan.FromSeconds(1), Requests = 200 };
        var held = Enumerable.Range(0, 400).Count(seed =>
        {
            var random = new Random(seed);
            long[] values = [.. Enumerable.Range(0, 200).Select(_ => random.NextInt64(1, 2_000_000)).Order()];
            var evidence = new LatencyEvidence { Microseconds = values, Counts = [.. values.Select(_ => 1L)], Load = "", Duration = default };
            var result = evidence.Judge(gate)[0];
            return result.IntervalLow <= 1000 && result.IntervalHigh >= 1000;
        });
        Assert.InRange(held / 400.0, 0.91, 0.99);
    }

    private static DistributionEvidence Evidence(Random random, int outputs, Func<int, double> shift)
    {
        SideScores Side(bool isGreen)
        {
            SideScores[] all = [.. Enumerable.Range(0, outputs).Select(output => new SideScores
            {
                Output = $"o{output}",
                Scores = [.. Enumerable.Range(0, Rows).Select(_ => random.NextDouble() + (isGreen ? shift(output) : 0))],
            })];
            return all[0] with { Others = all[1..] };
        }

        return new()
        {
            Green = Side(true),
            Blue = Side(false),
            Available = Rows,
            MinSamples = Rows,
            MaxSamples = Rows,
            Fewest = 100,
            ToleratedMissingShare = 0.05,
            Looks = [new(Rows, Rows)],
        };
    }
}
