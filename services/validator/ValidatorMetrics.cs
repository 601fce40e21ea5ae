using System.Diagnostics.Metrics;
using BlueGreen.Contracts;
using BlueGreen.Platform.Telemetry;

namespace BlueGreen.Validator;

/// <summary>What the validator counts.</summary>
internal sealed class ValidatorMetrics
{
    private readonly Histogram<double> _gateValue = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.gate.value", description: "What a gate measured, in the unit the gate names.");

    private readonly Histogram<double> _gateDuration = PlatformTelemetry.Meter.CreateHistogram<double>(
        "bluegreen.gate.duration", "s", "How long a gate's measurement took.");

    private readonly Counter<long> _bakeLooks = PlatformTelemetry.Meter.CreateCounter<long>(
        "bluegreen.bake.looks", "{look}", "Looks at a bake metric, by verdict.");

    public void RecordGate(string endpoint, GateResult result)
    {
        KeyValuePair<string, object?>[] tags =
            [new("endpoint", endpoint), new("gate", result.Gate), new("verdict", result.Verdict.ToString()), new("unit", result.Unit)];
        if (result.Value is { } value) _gateValue.Record(value, tags);
        _gateDuration.Record(result.Duration.TotalSeconds, tags);
    }

    public void CountLook(string endpoint, GateResult result) => _bakeLooks.Add(
        1, new("endpoint", endpoint), new("metric", result.Gate), new("verdict", result.Verdict.ToString()));
}
