using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Validator.Baking;

/// <summary>
/// The limit of a <c>client-error-rate</c> for which the policy gives none: what clients send wrongly is theirs, so green is held against
/// the share that blue refuses, of copies of the same requests where there are enough, else of its own requests before the switch.
/// </summary>
internal static class BlueLimit
{
    /// <summary>What green may refuse beyond blue: a model that does not understand its clients refuses more, a bad hour of theirs less.</summary>
    public const double Margin = 0.2;

    /// <summary>Probability that blue's true share is above the bound that is taken for it.</summary>
    private const double Tail = 0.01;

    public static bool Applies(BakeMetric metric) =>
        metric is { Name: MetricReading.ClientErrorRate, Low: null, High: null, Source: null };

    /// <param name="metric">Without limits.</param>
    /// <param name="before">Blue's requests before the switch; null: unknown.</param>
    /// <param name="since">What blue was asked since; null: nothing.</param>
    /// <returns>The metric with its limit; null: blue has answered too little.</returns>
    public static BakeMetric? Of(BakeMetric metric, WindowSum? before, WindowSum? since)
    {
        var blue = since?.Copies.Requests >= metric.MinRequests ? since : before?.Requests >= metric.MinRequests ? before : null;
        return blue is null
            ? null
            : metric with { High = Math.Min(1, new BinomialShare(blue.ClientErrors, blue.Requests).UpperBound(Tail) + Margin) };
    }
}
