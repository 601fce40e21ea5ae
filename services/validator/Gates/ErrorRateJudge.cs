using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;
using BlueGreen.Platform.Load;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>error-rate</c>: the share of the validator's own requests to green that failed or came back with a null prediction. Judged by
/// the share as it was seen; the exact 95 % interval is reported beside it and says how much this many requests can show.
/// </summary>
internal static class ErrorRateJudge
{
    private const double Tail = 0.025;

    public static GateResult Judge(ErrorRateGate gate, RequestTally tally, TimeSpan duration)
    {
        var (requests, failed, withNulls, example) = tally.Read();
        if (requests == 0) return Unmeasured.Of(GateNames.ErrorRate, "share", gate.Max, "no request was sent");
        var share = new BinomialShare(failed + withNulls, requests);
        var passed = share.Share <= gate.Max;
        return new()
        {
            Gate = GateNames.ErrorRate,
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = share.Share,
            Threshold = gate.Max,
            Unit = "share",
            Samples = requests,
            IntervalLow = share.LowerBound(Tail),
            IntervalHigh = share.UpperBound(Tail),
            Duration = duration,
            Summary = FormattableString.Invariant($"{failed} of {requests} requests failed, {withNulls} had null predictions; ")
                + FormattableString.Invariant($"{(passed ? "within" : "above")} {gate.Max:0.####%}")
                + (example is null ? "" : $" (e.g. {example})"),
        };
    }
}
