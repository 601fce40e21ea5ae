using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>Results that carry no measurement.</summary>
public static class Unmeasured
{
    /// <summary>Nothing could be measured: Inconclusive, never a pass.</summary>
    public static GateResult Of(string gate, string unit, double? threshold, string why) => new()
    {
        Gate = gate,
        Verdict = Verdict.Inconclusive,
        Threshold = threshold,
        Unit = unit,
        Samples = 0,
        Summary = $"not measured: {why}",
    };
}
