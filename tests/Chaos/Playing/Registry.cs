using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Demo.Stories;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Playing;

/// <summary>A model registry: posts each promotion, under one delivery id, until it is acknowledged.</summary>
internal sealed class Registry(PlatformProcesses platform, string artifacts, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public ConcurrentQueue<AcknowledgedPromotion> Acknowledged { get; } = [];

    public async Task PromoteAsync(PromotionStep step, CancellationToken ct)
    {
        var artifact = Path.Combine(artifacts, $"{step.Version}.model");
        var content = Encoding.UTF8.GetBytes($"{step.Kind}\n{step.Version}\n");
        await File.WriteAllBytesAsync(artifact, content, ct);
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = step.Endpoint,
            version = step.Version,
            stage = "production-candidate",
            endpoint = step.Endpoint,
            artifact = new { uri = new Uri(artifact).AbsoluteUri, sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) },
            promotedBy = "chaos",
        });
        while (true)
        {
            if (await TryPostAsync(step.Version, body, ct) is { } id)
            {
                Acknowledged.Enqueue(new AcknowledgedPromotion(id, step.Version));
                return;
            }

            await Task.Delay(Retry, time, ct);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Guid?> TryPostAsync(string delivery, byte[] body, CancellationToken ct)
    {
        using var request = SignedRequest.Of(platform.Webhooks, delivery, body, platform.Secrets.WebhookSecret, time);
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            if (answer.StatusCode == HttpStatusCode.Accepted) return JsonElement.Parse(text).GetProperty("deploymentId").GetGuid();
            // 422 names the endpoint while the listener has not heard of it yet.
            return (int)answer.StatusCode is 422 or >= 500
                ? null
                : throw new ChaosException($"The promotion of {delivery} was refused ({(int)answer.StatusCode}): {text}");
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
