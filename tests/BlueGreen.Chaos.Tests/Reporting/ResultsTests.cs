using BlueGreen.Chaos.Judging;
using BlueGreen.Chaos.Reporting;

namespace BlueGreen.Chaos.Tests.Reporting;

public sealed class ResultsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Report_OfSlicesRememberedInAFile_IsTheSumOverAll()
    {
        SeedRecord.Judged(1, Verdict(lost: 0), 30, Hits("kill router", "Baking")).AppendTo(_file);
        SeedRecord.Judged(2, Verdict(lost: 2), 40, Hits("kill router", "Baking")).AppendTo(_file);
        SeedRecord.Unjudged(3, "the broker did not start", 50).AppendTo(_file);

        var report = ChaosReport.Of(SeedRecord.ReadAll(_file));

        Assert.Equal((2, 2, 1), (report.Seeds, report.Lost, report.Errors));
        Assert.Equal([2, 3], report.FailedSeeds);
        Assert.False(report.IsGood);
        Assert.Equal(2, report.Hits["kill router"]["Baking"]);
        Assert.Equal(40, report.SecondsPerSeed);
    }

    [Fact]
    public void Report_OfNothing_IsEmpty() => Assert.Equal(0, ChaosReport.Of(SeedRecord.ReadAll("/no/such/file")).Seeds);

    public void Dispose() => File.Delete(_file);

    private static SeedVerdict Verdict(int lost) => new([.. Enumerable.Repeat("lost", lost)], [], [], [], []);

    private static HitsTable Hits(string fault, string state)
    {
        var hits = new HitsTable();
        hits.Add(fault, [state]);
        return hits;
    }
}
