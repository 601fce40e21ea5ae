using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class GatePolicyTests
{
    [Fact]
    public void Distribution_EveryStatistic_HasItsOwnDefaultMargin()
    {
        foreach (var (statistic, margin) in new[] { ("ks", 0.15), ("psi", 0.2), ("kl", 0.1), ("jensen-shannon", 0.15), ("wasserstein", 0.3), ("chi-square", 0.2), ("mann-whitney", 0.1) })
        {
            var policy = APolicy.ParseWith($"gates: [ distribution: {{ statistic: {statistic} }} ]\nwarmup: {{ payloads: golden.jsonl }}").Policy!;
            Assert.Equal((statistic, margin), (policy.Gates.Distribution!.Statistic, policy.Gates.Distribution.Margin));
        }
    }

    [Fact]
    public void Gates_EverySetting_IsRead()
    {
        var gates = APolicy.ParseWith("""
            warmup: { payloads: golden.jsonl }
            gates:
              - distribution: { statistic: kl, bins: 20, binRule: sturges, epsilon: 0.001, logBase: 2, slices: { by: /parameters/country, minSamples: 300 } }
              - schema: {}
              - golden: { file: golden.jsonl, minRecall: 80%, maxFpr: 1%, tolerance: 0.01 }
              - paired: { maxDisagreement: 2% }
              - external: { name: spend, high: 1, source: { kind: prometheus, address: "https://prometheus.example/", query: "sum(spend)" } }
              - external: { name: cpu, dryRun: true, source: { kind: http, address: "http://x.example/a", query: "b", value: /c } }
            """).Policy!.Gates;
        Assert.Equal((20, BinRule.Sturges, 0.001, 2.0), (gates.Distribution!.Bins, gates.Distribution.BinRule, gates.Distribution.Epsilon, gates.Distribution.LogBase));
        Assert.Equal(("/parameters/country", 300), (gates.Distribution.SliceBy, gates.Distribution.MinSliceSamples));
        Assert.NotNull(gates.Schema);
        Assert.Equal((0.8, 0.01, 0.01), (gates.Golden!.MinRecall, gates.Golden.MaxFpr, gates.Golden.Tolerance));
        Assert.Equal(0.02, gates.Paired!.MaxDisagreement);
        Assert.Equal(["spend", "cpu"], gates.External!.Select(gate => gate.Name));
        Assert.Equal("http://x.example/a/", gates.External![1].Source.Address.ToString());
    }

    [Fact]
    public void Calibration_EverySetting_IsRead()
    {
        var gates = APolicy.ParseWith("""
            warmup: { payloads: golden.jsonl }
            gates:
              - distribution: { margin: 0.2, ignore: [id], calibrate: { splits: 100, quantile: 99%, retrains: [ { file: golden.jsonl } ] } }
              - paired: { ignore: [id, at] }
            """).Policy!.Gates;
        var calibration = gates.Distribution!.Calibration!;
        Assert.Equal((100, 0.99, 0.4), (calibration.Splits, calibration.Quantile, calibration.MaxMargin));
        Assert.Equal("golden.jsonl", Assert.Single(calibration.Retrains).Name);
        Assert.Equal(["id"], gates.Distribution.Ignore);
        Assert.Equal(["id", "at"], gates.Paired!.Ignore);
    }

    [Fact]
    public void Features_EverySetting_IsRead()
    {
        var gate = APolicy.ParseWith("""
            capture: {}
            gates: [ { health: {} }, { features: { file: sample.jsonl, required: [amount, country], ignore: [id], maxNullRate: 1%, statistic: psi, requests: 500 } } ]
            """).Policy!.Gates.Features!;
        Assert.Equal((0.01, "psi", 0.2, 0.95, 500), (gate.MaxNullRate, gate.Statistic, gate.Margin, gate.Confidence, gate.Requests));
        Assert.Equal(["amount", "country"], gate.Required);
        Assert.Equal(["id"], gate.Ignore);
        Assert.NotNull(gate.Reference);
    }

    [Fact]
    public void Bake_MetricOfAMonitoringSystem_HasItsOwnNameAndLimits()
    {
        var metric = Assert.Single(APolicy.ParseWith("""
            bake:
              metrics:
                - { name: checkout-rate, low: -2, failureLimit: 3, inconclusiveLimit: 10, consecutiveErrorLimit: 2, initialDelay: 2m, interval: 1m, count: 5,
                    source: { kind: datadog, address: "https://api.datadoghq.com", query: "avg:checkout{*}", window: 10m, secretRef: datadog } }
            """).Policy!.Bake.Metrics);
        Assert.Equal(("checkout-rate", -2.0, 3, 10, 2, 5), (metric.Name, metric.Low, metric.FailureLimit, metric.InconclusiveLimit, metric.ConsecutiveErrorLimit, metric.Count));
        Assert.Equal(("datadog", "datadog", TimeSpan.FromMinutes(10)), (metric.Source!.Kind, metric.Source.SecretRef, metric.Source.Window));
    }

    [Theory]
    [InlineData("gates: [ distribution: { statistic: kss } ]\nwarmup: { payloads: golden.jsonl }", "spec.gates[0].distribution.statistic", "did you mean 'ks'")]
    [InlineData("gates: [ distribution: { margin: 0.2, calibrate: { maxMargin: 0.1 } } ]\nwarmup: { payloads: golden.jsonl }", "spec.gates[0].distribution.calibrate", "is below margin")]
    [InlineData("gates: [ features: {} ]", "spec.gates", "needs a capture section")]
    [InlineData("gates: [ golden: { file: golden.jsonl } ]", "spec.gates[0].golden.minRecall", "at least one of")]
    [InlineData("gates: [ golden: { minRecall: 80% } ]", "spec.gates[0].golden.file", "labelled requests")]
    [InlineData("gates: [ external: { name: a, high: 1 } ]", "spec.gates[0].external.source.kind", "required")]
    [InlineData("gates: [ external: { name: a, source: { kind: prometheus, address: 'https://p.example/', query: up } } ]", "spec.gates[0].external.high", "low, high or both")]
    [InlineData("gates: [ external: { name: a, low: 2, high: 1, source: { kind: prometheus, address: 'https://p.example/', query: up } } ]", "spec.gates[0].external.low", "must not be above high")]
    [InlineData("bake: { metrics: [ { name: checkout-rate, high: 1 } ] }", "spec.bake.metrics[0].name", "not known")]
    public void Parse_WrongGate_IsNamed(string spec, string field, string message) => Assert.Contains(
        APolicy.ParseWith(spec).Errors, error => error.Field == field && error.Message.Contains(message, StringComparison.Ordinal));
}
