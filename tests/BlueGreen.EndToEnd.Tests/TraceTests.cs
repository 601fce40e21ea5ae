using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlueGreen.Demo.Hosting;
using BlueGreen.EnvManager;
using BlueGreen.Orchestrator;
using BlueGreen.Platform.Hosting;
using BlueGreen.Prewarmer;
using BlueGreen.RegistryListener;
using BlueGreen.Rollback;
using BlueGreen.Router;
using BlueGreen.Validator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>From the webhook to the end state, every hop over outbox, bus and work items belongs to one trace.</summary>
public sealed class TraceTests
{
    private const string Token = "a-token-for-tests-only";
    private const string Secret = "a-secret-for-tests-only";

    [Fact]
    public async Task Promotion_ToItsEndState_IsOneTrace()
    {
        var ct = TestContext.Current.CancellationToken;
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "BlueGreen" or "MassTransit" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var folder = Directory.CreateTempSubdirectory("bluegreen-trace-").FullName;
        var control = $"http://127.0.0.1:{LoopbackPort.Choose(0)}";
        await using var app = Build(folder, control);
        await app.StartAsync(ct);
        using var http = new HttpClient { BaseAddress = new Uri(control) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        using var policy = new StringContent(Policy, Encoding.UTF8, "application/yaml");
        (await http.PutAsync(new Uri("/api/v1/endpoints/traced", UriKind.Relative), policy, ct)).EnsureSuccessStatusCode();

        var trace = ActivityTraceId.CreateRandom();
        var id = await PromoteAsync(http, $"00-{trace}-{ActivitySpanId.CreateRandom()}-01", ct);
        await UntilEndedAsync(http, id, ct);

        var names = spans.Where(span => span.TraceId == trace).Select(span => span.DisplayName).ToList();
        Assert.Contains("work ProvisionEnvironment", names);
        Assert.Contains("work DecommissionEnvironment", names);
        Assert.Contains(names, name => name.Contains("orchestrator-deployment", StringComparison.Ordinal));
        await app.StopAsync(ct);
    }

    /// <summary>The artifact does not exist: the shortest way through several services.</summary>
    private static async Task<string> PromoteAsync(HttpClient http, string traceParent, CancellationToken ct)
    {
        var body = """{"model":"traced","version":"1","stage":"production-candidate","artifact":{"uri":"file:///no/such/model.zip","sha256":"""
            + $"\"{new string('a', 64)}\"}}}}";
        for (var attempt = 0; ; attempt++)
        {
            using var request = Signed(body, $"delivery-{attempt}");
            request.Headers.Add("traceparent", traceParent);
            using var response = await http.SendAsync(request, ct);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(ct);
            if (answer.TryGetProperty("deploymentId", out var id)) return id.GetString()!;
            // The listener hears of the endpoint by message, a moment after its policy was stored.
            Assert.True(attempt < 200, answer.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    private static HttpRequestMessage Signed(string body, string delivery)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{delivery}.{timestamp}.{body}"));
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/webhooks/generic", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-BlueGreen-Delivery", delivery);
        request.Headers.Add("X-BlueGreen-Timestamp", $"{timestamp}");
        request.Headers.Add("X-BlueGreen-Signature", $"sha256={Convert.ToHexStringLower(signature)}");
        return request;
    }

    private static async Task UntilEndedAsync(HttpClient http, string id, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var response = await http.GetAsync(new Uri($"/api/v1/deployments/{id}", UriKind.Relative), limit.Token);
            if (response.IsSuccessStatusCode
                && (await response.Content.ReadFromJsonAsync<JsonElement>(limit.Token)).GetProperty("ended").GetBoolean()) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    private const string Policy = """
        apiVersion: bluegreen/v1
        kind: Endpoint
        metadata: { name: traced }
        spec:
          environment: { driver: process, protocol: open-inference-v2, replicas: 1, command: [no-such-program, "{artifact}", "{port}"] }
          gates: [ { health: {} } ]
          bake: { duration: 1h, metrics: [ { name: error-rate, high: 1% } ] }
        """;

    private static WebApplication Build(string folder, string control) => PlatformHost.Build(
        ["--urls", control],
        [
            new RegistryListenerService(), new OrchestratorService(), new EnvManagerService(), new PrewarmerService(), new ValidatorService(),
            new RouterService(), new RollbackService(),
        ],
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = folder,
                ["BlueGreen:Api:Token"] = Token,
                ["BlueGreen:RegistryListener:Sources:generic:Secret"] = Secret,
                ["BlueGreen:Router:InferenceUrl"] = "http://127.0.0.1:0",
            });
            builder.Logging.ClearProviders();
        });
}
