using BlueGreen.Contracts;
using MathNet.Numerics.Distributions;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// Tells what both colours suffer from what is green's own, by the same stretch of time of both: going back from the former would not help.
/// </summary>
/// <remarks>
/// <para>Of the very requests that green failed, copies are the best witness: blue failed more than half of them, too. Without such
/// copies (latencies, nulls, traffic that is shifted) blue's share is held against the same limit, with an ordinary tail: it errs once in
/// twenty looks at a blue which is exactly at the limit, and then green has to be clearly worse than blue.</para>
/// <para>Clearly worse: a share as high as green's and one as low as blue's, or further apart, have less than 1 % probability if both
/// answer alike (Fisher's exact test, one-sided; R. Fisher, "Statistical Methods for Research Workers", 1934).</para>
/// </remarks>
internal static class CommonCause
{
    private const double Tail = 0.05;
    private const double ClearlyWorse = 0.01;

    /// <param name="metric">With its limits.</param>
    /// <param name="green">A stretch in which green breaks them.</param>
    /// <param name="blue">The same of blue.</param>
    /// <returns>What blue suffers, for people; null: it is green's alone.</returns>
    public static string? Find(BakeMetric metric, MetricReading green, WindowSum blue)
    {
        var (failed, both) = Shared(metric, blue.Copies);
        if (2 * both > failed) return $"{both} of the {failed} copies of such requests";
        return MetricReading.Of(metric, blue) is { Requests: > 0, PValue: < Tail } reading && !IsClearlyWorse(green, reading) ? reading.Text : null;
    }

    /// <summary>Blue gets copies, but none of a request that green failed has been answered yet: it may be about to say that it fails them, too.</summary>
    /// <param name="metric">With its limits.</param>
    /// <param name="blue">A stretch in which green breaks them.</param>
    /// <param name="sinceSwitch">All of blue's.</param>
    public static bool IsUntold(BakeMetric metric, WindowSum blue, WindowSum sinceSwitch) =>
        metric.Name is MetricReading.ErrorRate or MetricReading.ClientErrorRate
        && sinceSwitch.Copies.Requests > 0 && Shared(metric, blue.Copies).Failed == 0;

    private static (long Failed, long Both) Shared(BakeMetric metric, CopyTally copies) => metric switch
    {
        { High: null } => (0, 0),
        { Name: MetricReading.ErrorRate } => (copies.LiveErrors, copies.BothErrors),
        { Name: MetricReading.ClientErrorRate } => (copies.LiveClientErrors, copies.BothClientErrors),
        _ => (0, 0),
    };

    private static bool IsClearlyWorse(MetricReading green, MetricReading blue)
    {
        var (all, beyond) = (green.Requests + blue.Requests, green.Beyond + blue.Beyond);
        // More requests than that in a quarter of an hour say the same without being exact.
        if (all > int.MaxValue) return (double)green.Beyond / green.Requests > (double)blue.Beyond / blue.Requests;
        return Hypergeometric.CDF((int)all, (int)beyond, (int)blue.Requests, blue.Beyond) < ClearlyWorse;
    }
}
