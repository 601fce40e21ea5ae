using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Judging.Tests.Evidence;

public sealed class LoadEvidenceTests
{
    private static readonly LatencyGate Gate = new() { P50 = Ms(200), P95 = Ms(200), P99 = Ms(200), Requests = 500 };

    [Theory]
    [InlineData(500, 1, "Inconclusive Inconclusive Inconclusive")]
    [InlineData(500, 474, "Inconclusive Inconclusive Inconclusive")]
    [InlineData(500, 475, "Passed Passed Passed")]
    [InlineData(100, 95, "Passed Passed Passed")]
    [InlineData(99, 99, "Passed Passed Inconclusive")]
    [InlineData(19, 19, "Passed Inconclusive Inconclusive")]
    [InlineData(1, 1, "Inconclusive Inconclusive Inconclusive")]
    [InlineData(500, 0, "Inconclusive Inconclusive Inconclusive")]
    public void Latency_FewAnswered_IsInconclusive(int requests, int answered, string verdicts)
    {
        var evidence = new LatencyEvidence { Microseconds = [5000], Counts = [answered], Requests = requests, Failed = requests - answered, Load = "100/s", Duration = default };
        var results = evidence.Judge(Gate);
        Assert.Equal(verdicts, string.Join(' ', results.Select(result => result.Verdict)));
        Assert.All(results, result => Assert.Equal(answered, result.Samples));
    }

    [Fact]
    public void Latency_EvidenceWithoutTheCounts_IsJudgedByWhatItHas()
    {
        var evidence = new LatencyEvidence { Microseconds = [5000], Counts = [100], Load = "100/s", Duration = default };
        Assert.All(evidence.Judge(Gate), result => Assert.Equal(Verdict.Passed, result.Verdict));
        Assert.Equal((100, 20, 2), (LatencyEvidence.Fewest(Gate), LatencyEvidence.Fewest(Gate with { P99 = null }), LatencyEvidence.Fewest(Gate with { P95 = null, P99 = null })));
    }

    [Theory]
    [InlineData(1, 0, Verdict.Inconclusive)]
    [InlineData(19, 0, Verdict.Inconclusive)]
    [InlineData(20, 0, Verdict.Passed)]
    [InlineData(1, 1, Verdict.Failed)]
    [InlineData(0, 0, Verdict.Inconclusive)]
    public void ErrorRate_FewRequests_AreNoPass(int requests, int failed, Verdict verdict) =>
        Assert.Equal(verdict, new ErrorRateEvidence { Requests = requests, Failed = failed, WithNulls = 0 }.Judge(new() { Max = 0.01 }).Verdict);

    [Theory]
    [InlineData(null, null, false, Verdict.Inconclusive)]
    [InlineData(null, null, true, Verdict.NotApplicable)]
    [InlineData(null, 3.0, false, Verdict.Passed)]
    [InlineData(2.5, 3.0, false, Verdict.Failed)]
    public void External_WithoutALimit_ProvesNothing(double? low, double? high, bool dryRun, Verdict verdict)
    {
        var gate = new ExternalGate { Name = "spend", Low = low, High = high, DryRun = dryRun, Source = new() { Kind = "prometheus", Address = new("http://x/"), Query = "" } };
        var result = new ExternalEvidence { Value = 2 }.Judge(gate);
        Assert.Equal((verdict, 2), (result.Verdict, result.Value));
    }

    private static TimeSpan Ms(int count) => TimeSpan.FromMilliseconds(count);
}
