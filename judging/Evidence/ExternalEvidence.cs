using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>The answer of a monitoring system.</summary>
public sealed record ExternalEvidence
{
    /// <summary>Null when there was none.</summary>
    public double? Value { get; init; }

    /// <summary>Why there was none.</summary>
    public string? Why { get; init; }

    /// <summary>With <c>dryRun</c> the verdict is told and does not count.</summary>
    public GateResult Judge(ExternalGate gate) => Dry(gate, Value is { } value ? Judge(gate, value) : Nothing(gate, Why ?? "no answer"));

    /// <summary>Nothing was measured.</summary>
    public static GateResult Nothing(ExternalGate gate, string why) =>
        Unmeasured.Of($"{GateNames.External}{gate.Name}", "value", gate.High ?? gate.Low, why);

    private static GateResult Judge(ExternalGate gate, double value)
    {
        if (gate is { Low: null, High: null })
        {
            return Nothing(gate, "") with
            {
                Value = value,
                Samples = 1,
                Summary = FormattableString.Invariant($"{value:0.######} by {gate.Source.Kind}, without a limit to hold it against"),
            };
        }

        var passed = !(value > gate.High) && !(value < gate.Low);
        return Nothing(gate, "") with
        {
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = value,
            Threshold = value < gate.Low ? gate.Low : gate.High ?? gate.Low,
            Samples = 1,
            Summary = FormattableString.Invariant($"{value:0.######} by {gate.Source.Kind}, {(passed ? "within" : "beyond")} ")
                + FormattableString.Invariant($"[{gate.Low?.ToString("0.####", null) ?? "…"}, {gate.High?.ToString("0.####", null) ?? "…"}]"),
        };
    }

    private static GateResult Dry(ExternalGate gate, GateResult result) => !gate.DryRun ? result : result with
    {
        Verdict = Verdict.NotApplicable,
        Summary = $"dry run, would be {result.Verdict}: {result.Summary}",
    };
}
