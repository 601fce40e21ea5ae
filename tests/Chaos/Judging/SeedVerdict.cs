namespace BlueGreen.Chaos.Judging;

/// <summary>What the judges found wrong, in words; a good seed has none of any kind.</summary>
/// <param name="Lost">Acknowledged promotions and alarms that nothing came of.</param>
/// <param name="DoubleEffects">What was done twice.</param>
/// <param name="Violations">Invariants that did not hold.</param>
/// <param name="Stuck">What did not come to an end.</param>
/// <param name="UnexplainedFailures">Failed requests that no fault of the script explains.</param>
internal sealed record SeedVerdict(
    IReadOnlyList<string> Lost, IReadOnlyList<string> DoubleEffects, IReadOnlyList<string> Violations, IReadOnlyList<string> Stuck,
    IReadOnlyList<string> UnexplainedFailures)
{
    public bool IsGood => Lost.Count + DoubleEffects.Count + Violations.Count + Stuck.Count + UnexplainedFailures.Count == 0;

    public IEnumerable<string> All =>
    [
        .. Lost.Select(text => $"lost: {text}"), .. DoubleEffects.Select(text => $"double effect: {text}"),
        .. Violations.Select(text => $"violation: {text}"), .. Stuck.Select(text => $"stuck: {text}"),
        .. UnexplainedFailures.Select(text => $"unexplained failure: {text}"),
    ];
}
