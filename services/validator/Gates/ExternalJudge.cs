using BlueGreen.Contracts;
using BlueGreen.Validator.Metrics;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gates <c>external-…</c>: a monitoring system's number against limits. Asked again when there is none; no number is Inconclusive. With
/// <c>dryRun</c> the verdict is told and does not count.
/// </summary>
internal sealed class ExternalJudge(MetricSources sources, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateResult> JudgeAsync(ExternalGate gate, GateSubject subject, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var sample = await sources.ReadAsync(gate.Source, subject.Command.Endpoint, subject.Command.Green, cancellationToken);
        for (var left = options.Value.HealthTries - 1; sample.Value is null && left > 0; left--)
        {
            await Task.Delay(options.Value.HealthPause, time, cancellationToken);
            sample = await sources.ReadAsync(gate.Source, subject.Command.Endpoint, subject.Command.Green, cancellationToken);
        }

        var result = sample.Value is { } value ? Judge(gate, value) : Nothing(gate, sample.Why!);
        return Dry(gate, result) with { Duration = time.GetElapsedTime(started) };
    }

    /// <summary>Nothing was measured.</summary>
    public static GateResult Nothing(ExternalGate gate, string why) => Unmeasured.Of(NameOf(gate), "", gate.High ?? gate.Low, why);

    private static string NameOf(ExternalGate gate) => $"external-{gate.Name}";

    private static GateResult Judge(ExternalGate gate, double value)
    {
        var passed = !(value > gate.High) && !(value < gate.Low);
        return Nothing(gate, "") with
        {
            Verdict = passed ? Verdict.Passed : Verdict.Failed,
            Value = value,
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
