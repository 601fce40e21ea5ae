using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;

namespace BlueGreen.Validator.Tests.Baking;

public sealed class BakeLooksTests
{
    private static readonly DateTimeOffset SwitchedAt = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Looks_OfAVeryLongBake_AreThinnedButNeverWhereAVerdictChanged()
    {
        var looks = new BakeLooks(50, null);
        for (var i = 0; i < 10_000; i++)
            looks.Add(SwitchedAt.AddSeconds(i), [Result(i is 777 or 778 ? Verdict.Inconclusive : Verdict.Passed)]);
        Assert.Equal(10_000, looks.Taken);
        Assert.InRange(looks.Kept.Count, 20, 50);
        Assert.Equal(SwitchedAt, looks.Kept[0].At);
        Assert.Equal(SwitchedAt.AddSeconds(9999), looks.Kept[^1].At);
        Assert.Contains(looks.Kept, look => look.At == SwitchedAt.AddSeconds(777));
        Assert.Contains(looks.Kept, look => look.Metrics[0].Verdict == Verdict.Passed && look.At > SwitchedAt.AddSeconds(778));
    }

    private static GateResult Result(Verdict verdict) =>
        new() { Gate = "error-rate", Verdict = verdict, Threshold = 0.01, Unit = "share", Samples = 1, Summary = "" };
}
