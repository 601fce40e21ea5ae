using System.Globalization;
using System.Text.Json;
using BlueGreen.Cli.Api;
using BlueGreen.Cli.Policies;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Demo.Stories;

/// <summary>The endpoint's policy: an ordinary one with short times, applied as <c>bg policy apply</c> does.</summary>
internal sealed class DemoPolicy(PlatformClient api, Installation installation, string models)
{
    public const string Endpoint = "fraud";
    public const string Stage = "production-candidate";
    private BakeLimits? _applied;

    /// <summary>Stores the policy with these limits unless it is the one in force.</summary>
    public async Task ApplyAsync(BakeLimits limits, CancellationToken ct)
    {
        if (limits == _applied) return;
        var path = Path.Combine(models, "fraud.yaml");
        await File.WriteAllTextAsync(path, Text(limits), ct);
        var policy = await PolicyFile.LoadAsync(path, ct);
        foreach (var blob in policy.Blobs) await api.PutBlobAsync(blob.Sha256, blob.Name, blob.Content, ct);
        await api.PutPolicyAsync(policy.Endpoint, policy.Text, dryRun: false, ct);
        _applied = limits;
    }

    private string Text(BakeLimits limits) => string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: bluegreen/v1
        kind: Endpoint
        metadata: { name: {{Endpoint}} }
        spec:
          route:       { path: /{{Endpoint}}, cutover: fast, onControlPlaneLoss: serve-last }
          promotion:   { stage: {{Stage}}, autoSwitch: true, whenBusy: queue }
          deadline:    5m
          environment:
            driver: process
            protocol: open-inference-v2
            replicas: 2
            command: [{{Quoted(installation.DotNet)}}, exec, {{Quoted(installation.ModelServer)}}, --model, "{artifact}", --port, "{port}"]
            costPerHour: 1.41
          provision:   { deadline: 60s, attempts: 2 }
          warmup:      { payloads: golden.jsonl, requests: 200..2000, stable: { window: 50, tolerance: 25% } }
          gates:
            - health:       {}
            - latency:      { p50: 100ms, p95: 250ms, p99: 500ms, requests: 500 }
            - errorRate:    { max: 0.1% }
            - distribution: { statistic: ks, margin: 0.15, confidence: 95%, samples: 1000..2000 }
          bake:
            duration: {{limits.Duration}}
            maxDuration: 60s
            onInconclusive: rollback
            interval: 1s
            retention: 2s
            metrics:
              - { name: error-rate, high: {{limits.ErrorRate}}, failureLimit: 1 }
              - { name: null-rate, high: {{limits.NullRate}}, failureLimit: 1 }
              - { name: latency-p99, high: {{limits.LatencyP99}}, failureLimit: 3 }
          alarms:      [ { source: alertmanager, labels: { endpoint: {{Endpoint}} }, for: 0s } ]
          rollback:    { quarantine: 1h }
          cleanup:     { unservedTtl: 1h }

        """);

    // JSON strings are YAML strings.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
