using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>
/// The conjunction of all gates. Only Passed and NotApplicable let green go on, and at least one gate that looks at green alone must have
/// passed: a policy without gates, or with comparative gates only and no blue, proves nothing.
/// </summary>
public static class Decision
{
    /// <returns>Null when green may serve; otherwise why not, naming every gate at fault.</returns>
    public static string? WhyNot(IReadOnlyList<GateResult> results)
    {
        var faults = results.Where(result => result.Verdict is not (Verdict.Passed or Verdict.NotApplicable)).ToArray();
        if (faults.Length > 0)
            return string.Join("; ", faults.Select(fault => $"{fault.Gate} {Word(fault.Verdict)}: {fault.Summary}"));
        return results.Any(result => result.Verdict == Verdict.Passed && GateNames.IsAbsolute(result.Gate))
            ? null
            : "no gate that looks at green alone was asked for and passed: nothing is known about green";
    }

    private static string Word(Verdict verdict) => verdict == Verdict.Failed ? "failed" : "is inconclusive";
}
