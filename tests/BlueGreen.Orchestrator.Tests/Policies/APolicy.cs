using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Tests.Policies;

/// <summary>Policies for tests.</summary>
internal static class APolicy
{
    public const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    /// <summary>Only what every policy must have; <c>spec</c> comes last, so that tests can append fields to it.</summary>
    public const string Minimal = """
        apiVersion: bluegreen/v1
        kind: Endpoint
        metadata: { name: fraud }
        spec:
          environment: { replicas: 2, command: [dotnet, server.dll, "{artifact}", "{port}"] }

        """;

    public const string Full = """
        # Every field there is.
        apiVersion: bluegreen/v1
        kind: Endpoint
        metadata: { name: fraud }
        spec:
          route:
            path: /risk/fraud
            cutover: fast
            onControlPlaneLoss: serve-last
            timeout: 30s
            maxBody: 64MiB
            drain: 10m
            mirror: { green: 10%, blue: 1% }
            shift: { canary: { percent: 10%, wait: 5m }, stickyHeader: X-User, stickyCookie: bluegreen }
          promotion:
            stage: production-candidate
            autoSwitch: true
            whenBusy: queue
            approvals: 0
            fourEyes: false
            registries: [ { source: mlflow, model: fraud model, on: ["alias:champion"], artifact: "{uri}#model.zip" } ]
          deadline: 6h
          environment:
            driver: process
            protocol: open-inference-v2
            replicas: 3
            command: [dotnet, model-server.dll, --model, "{artifact}", --port, "{port}", --threads, 4]
            costPerHour: 1.41
          provision: { deadline: 1h30m, attempts: 3 }
          warmup: { payloads: golden.jsonl, requests: 100..1000, stable: { window: 40, tolerance: 4% }, maxBatch: 32 }
          validation: { payloads: other.jsonl }
          gates:
            - health: {}
            - latency: { p50: 20ms, p95: 80ms, p99: 200ms, requests: 300 }
            - errorRate: { max: 0.2% }
            - distribution: { statistic: ks, margin: 0.2, confidence: 0.99, samples: 500..2000 }
          bake:
            duration: 1h
            maxDuration: 90m
            onInconclusive: rollback
            interval: 20s
            retention: 2h
            metrics:
              - { name: error-rate, high: 1%, failureLimit: 2, minRequests: 10 }
              - { name: latency-p99, low: 1ms, high: 1s500ms }
          alarms: [ { source: alertmanager, labels: { endpoint: fraud, severity: page }, for: 30s } ]
          rollback: { quarantine: 48h }
          cleanup: { unservedTtl: 12h }
          hooks: [ { name: change-board, when: confirm-switch, url: "https://hooks.example.com/change", timeout: 5s, attempts: 2, interval: 1m, secretRef: hooks } ]

        """;

    public static PolicyParseResult Parse(string text, PolicyFormat format = PolicyFormat.Yaml) =>
        PolicyParser.Parse(text, format, new Files());

    /// <summary>The minimal policy with more lines below <c>spec</c>.</summary>
    public static PolicyParseResult ParseWith(string specLines) =>
        Parse(Minimal + string.Concat(specLines.Split('\n').Select(line => $"  {line}\n")));

    public static EndpointPolicy Valid(string text)
    {
        var result = Parse(text);
        Assert.Empty(result.Errors);
        return result.Policy!;
    }

    /// <summary>Any file but <c>missing.jsonl</c> is there.</summary>
    internal sealed class Files : IPolicyFiles
    {
        public BlobReference? Find(string name, out string problem)
        {
            problem = "There is no such file.";
            return name == "missing.jsonl" ? null : new BlobReference { Sha256 = BlobDigest.Of(System.Text.Encoding.UTF8.GetBytes(name)), Name = name };
        }
    }
}
