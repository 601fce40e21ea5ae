namespace BlueGreen.Judging.Distributions;

/// <summary>How far two distributions are apart, as far as two samples can tell.</summary>
/// <param name="Value">The statistic of the samples.</param>
/// <param name="Low">Lower end of the confidence interval of the distributions' own effect, at least 0.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">Of the hypothesis that both samples come from one distribution, where the statistic has one.</param>
public sealed record Effect(double Value, double Low, double High, double? PValue);
