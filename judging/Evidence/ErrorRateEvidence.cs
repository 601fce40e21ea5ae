using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// The validator's own requests to green. Judged by the share of failures as it was seen; the exact 95 % interval is reported beside it and
/// says how much this many requests can show. Very few without a failure are no pass.
/// </summary>
public sealed record ErrorRateEvidence
{
    private const double Tail = 0.025;

    /// <summary>With fewer requests a share says nothing.</summary>
    private const int Fewest = 20;

    public required int Requests { get; init; }

    /// <summary>Those that got no readable answer.</summary>
    public required int Failed { get; init; }

    /// <summary>Those whose answer had null predictions.</summary>
    public required int WithNulls { get; init; }

    /// <summary>What went wrong first; null when nothing did.</summary>
    public string? Example { get; init; }

    public GateResult Judge(ErrorRateGate gate)
    {
        if (Requests == 0) return Unmeasured.Of(GateNames.ErrorRate, "share", gate.Max, "no request was sent");
        var share = new BinomialShare(Failed + WithNulls, Requests);
        var passed = share.Share <= gate.Max;
        if (passed && Requests < Fewest)
            return Unmeasured.Of(GateNames.ErrorRate, "share", gate.Max, $"{Requests} requests, fewer than {Fewest}") with { Samples = Requests };
        return new()
        {
            Gate = GateNames.ErrorRate,
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = share.Share,
            Threshold = gate.Max,
            Unit = "share",
            Samples = Requests,
            IntervalLow = share.LowerBound(Tail),
            IntervalHigh = share.UpperBound(Tail),
            Summary = FormattableString.Invariant($"{Failed} of {Requests} requests failed, {WithNulls} had null predictions; ")
                + FormattableString.Invariant($"{(passed ? "within" : "above")} {gate.Max:0.####%}")
                + (Example is null ? "" : $" (e.g. {Example})"),
        };
    }
}
