using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlueGreen.Demo.Stories;

namespace BlueGreen.Bench.Sagas.Running;

/// <summary>The platform's users: an operator who configures endpoints, a model registry that promotes by signed webhook.</summary>
internal sealed class Registry(SevenProcesses platform, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 32 }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly Uri _listener = platform.AddressOf("registry-listener");
    private readonly Uri _endpoints = new(platform.AddressOf("orchestrator"), "api/v1/endpoints/");

    public static string EndpointName(int number) => string.Create(CultureInfo.InvariantCulture, $"endpoint-{number:D5}");

    /// <summary>A policy with the smallest waits there are; the work that they are about answers at once.</summary>
    public async Task ConfigureAsync(int number, CancellationToken ct)
    {
        var name = EndpointName(number);
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_endpoints, name));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SevenProcesses.Secret);
        request.Content = new StringContent($$"""
            apiVersion: bluegreen/v1
            kind: Endpoint
            metadata: { name: {{name}} }
            spec:
              environment:
                replicas: 1
                command: [model-server, --model, "{artifact}", --port, "{port}"]
              gates:
                - health:    {}
                - latency:   { p99: 10s, requests: 60 }
                - errorRate: { max: 5% }
              bake: { duration: 1s, interval: 1s, retention: 0s }

            """, Encoding.UTF8, "application/yaml");
        using var answer = await _http.SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The policy of {name} was refused: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    /// <returns>The deployment that it started.</returns>
    public async Task<Guid> PromoteAsync(int endpoint, int version, CancellationToken ct)
    {
        var name = EndpointName(endpoint);
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = name,
            version = version.ToString(CultureInfo.InvariantCulture),
            stage = "production-candidate",
            artifact = new { uri = $"file:///models/{name}/{version}.bin", sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name} {version}"))) },
            promotedBy = "bench",
        });
        var delivery = $"{name}-{version}";
        while (true)
        {
            using var request = SignedRequest.Of(_listener, delivery, body, SevenProcesses.Secret, time);
            using var answer = await _http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            if (answer.StatusCode == HttpStatusCode.Accepted) return JsonElement.Parse(text).GetProperty("deploymentId").GetGuid();
            // 422 names the endpoint while the listener has not heard of it yet.
            if ((int)answer.StatusCode is not (422 or >= 500))
                throw new InvalidOperationException($"The promotion {delivery} was refused ({(int)answer.StatusCode}): {text}");
            await Task.Delay(Retry, time, ct);
        }
    }

    public void Dispose() => _http.Dispose();
}
