using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Demo.Hosting;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Playing;

/// <summary>Policies whose times are seconds, for fleets of stubs.</summary>
internal sealed class EndpointPolicies(PlatformProcesses platform, Installation installation)
{
    private const string Gates = "[ { health: {} }, { latency: { p99: 10s, requests: 60 } }, { errorRate: { max: 5% } } ]";

    /// <summary>More requests than a bake can see.</summary>
    private const int TooMany = 1_000_000;
    private const int Enough = 8;

    /// <param name="endpoint">Its name.</param>
    /// <param name="ct">Ends the wait for the answer.</param>
    /// <param name="retention">How long blue stays warm.</param>
    /// <param name="kind">What it asks of operators.</param>
    /// <param name="replicas">Size of its fleets.</param>
    public async Task ApplyAsync(
        string endpoint, CancellationToken ct, string retention = "1500ms", PolicyKind kind = PolicyKind.Plain, int replicas = 2)
    {
        using var http = new HttpClient { BaseAddress = platform.Control };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.Secrets.OperatorToken);
        using var policy = new StringContent(Text(endpoint, retention, kind, replicas), Encoding.UTF8, "application/yaml");
        using var answer = await http.PutAsync(new Uri($"api/v1/endpoints/{endpoint}", UriKind.Relative), policy, ct);
        if (!answer.IsSuccessStatusCode)
            throw new ChaosException($"The policy of {endpoint} was refused: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    private string Text(string endpoint, string retention, PolicyKind kind, int replicas)
    {
        var own = Directory.GetParent(installation.Standalone)!;
        var stub = Path.Combine(own.Parent!.Parent!.FullName, "BlueGreen.Chaos", own.Name, "chaos.dll");
        var isPatient = kind == PolicyKind.Patient;
        return $$"""
            apiVersion: bluegreen/v1
            kind: Endpoint
            metadata: { name: {{endpoint}} }
            spec:
              route:       { path: /{{endpoint}} }
              promotion:   { approvals: {{(kind == PolicyKind.Approved ? 1 : 0)}} }
              deadline:    {{(isPatient ? "1h" : "10m")}}
              environment:
                replicas: {{replicas}}
                command: [{{Quoted(installation.DotNet)}}, exec, {{Quoted(stub)}}, serve, --artifact, "{artifact}", --port, "{port}"]
              provision:   { deadline: {{(isPatient ? "5m" : "60s")}}, attempts: 3 }
              warmup:      { requests: 40..{{(isPatient ? 2000 : 120)}}, stable: { window: 10, tolerance: 100% } }
              gates:       {{(isPatient ? "[ { health: {} } ]" : Gates)}}
              bake:
                duration: 1s
                maxDuration: {{kind switch { PolicyKind.Held => "1s", PolicyKind.Patient => "3m", _ => "10s" }}}
                onInconclusive: {{(kind == PolicyKind.Held ? "hold" : "rollback")}}
                interval: 1s
                retention: {{retention}}
                metrics: [ { name: error-rate, high: 20%, minRequests: {{(kind == PolicyKind.Held ? TooMany : Enough)}} } ]
              alarms:      [ { source: generic, labels: { endpoint: {{endpoint}} } } ]
              rollback:    { quarantine: 1h }
              cleanup:     { unservedTtl: 1h }

            """;
    }

    // JSON strings are YAML strings.
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
