using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>What blue against itself and against its retrains says of the margin.</summary>
/// <param name="Calibration">How it was asked for.</param>
/// <param name="Half">Answers in a half.</param>
/// <param name="AgainstItself">The margin within which blue is against itself as often as asked for.</param>
/// <param name="Retrains">The margin within which it is against each of them.</param>
/// <param name="Own">The gate's own margin.</param>
internal sealed record MarginFit(MarginCalibration Calibration, int Half, double AgainstItself, IReadOnlyList<RetrainFit> Retrains, double Own)
{
    /// <summary>Only retrains can show that less than the gate's own margin is enough.</summary>
    public double Wanted => Retrains.Select(retrain => retrain.Margin).Append(AgainstItself).Append(Retrains.Count == 0 ? Own : 0).Max();

    /// <summary>The margin to judge by.</summary>
    public double Margin => Math.Min(Wanted, Calibration.MaxMargin);

    public override string ToString() =>
        FormattableString.Invariant($"margin fitted: blue against itself {AgainstItself:0.000} ({Calibration.Quantile:0.##%} of {Calibration.Splits} splits into halves of {Half})")
        + string.Concat(Retrains.Select(retrain => FormattableString.Invariant($", {retrain.Name} {retrain.Margin:0.000}")))
        + (Retrains.Count == 0 ? FormattableString.Invariant($", without retrains not below {Own:0.###}") : "")
        + (Wanted > Margin ? FormattableString.Invariant($", capped at {Margin:0.###}") : "");
}

/// <param name="Name">The retrain's file.</param>
/// <param name="Margin">The upper end of its interval against blue.</param>
internal sealed record RetrainFit(string Name, double Margin);
