using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Inference;

/// <summary>
/// Open Inference Protocol v2 over HTTP (github.com/open-inference/open-inference-protocol), as spoken by Triton, MLServer, KServe and
/// OpenVINO. Health is judged by status alone: bodies differ between servers or are empty. The version is left out of the URLs: an
/// environment serves one version, and servers number theirs in their own way.
/// </summary>
internal sealed class OpenInferenceV2(IHttpClientFactory clients, TimeProvider time, IOptions<InferenceOptions> options)
    : IInferenceProtocol
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public string Name => "open-inference-v2";

    public async Task<ReplicaReadiness> ProbeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        foreach (var (path, meaning) in new[]
        {
            ("v2/health/live", "live"), ("v2/health/ready", "ready"), ($"{ModelPath(target)}/ready", $"ready for model {target.Model}"),
        })
        {
            var exchange = await ExchangeAsync(HttpMethod.Get, new Uri(target.Address, path), null, cancellationToken);
            if (exchange.Error is { } error) return new(false, $"not {meaning}: {error} from /{path}");
        }

        return new(true, null);
    }

    public async Task<InferenceReply> InferAsync(
        InferenceTarget target, InferencePayload payload, CancellationToken cancellationToken)
    {
        var address = new Uri(target.Address, $"{ModelPath(target)}/infer");
        var exchange = await ExchangeAsync(HttpMethod.Post, address, payload.Body, cancellationToken);
        var scores = exchange.Error is null ? OpenInferenceScores.Read(exchange.Body, payload.Rows) : null;
        return new InferenceReply
        {
            Status = exchange.Status,
            Latency = exchange.Latency,
            TimedOut = exchange.TimedOut,
            Scores = scores ?? [],
            Error = exchange.Error ?? (scores is null ? "the body is not an inference response" : null),
        };
    }

    public async Task<InferencePayload?> SynthesizeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var exchange = await ExchangeAsync(
            HttpMethod.Get, new Uri(target.Address, ModelPath(target)), null, cancellationToken);
        return exchange.Error is null ? OpenInferenceSynthesis.FromMetadata(exchange.Body) : null;
    }

    public PayloadReading ReadPayload(ReadOnlyMemory<byte> json) => OpenInferenceRequest.Read(json);

    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads) => OpenInferenceRequest.Concatenate(payloads);

    private static string ModelPath(InferenceTarget target) => $"v2/models/{Uri.EscapeDataString(target.Model)}";

    private async Task<Exchange> ExchangeAsync(
        HttpMethod method, Uri address, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (body is { } bytes)
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = Json } };
        using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var client = clients.CreateClient(InferenceServices.HttpClient);
        var start = time.GetTimestamp();
        try
        {
            using var response = await client.SendAsync(request, either.Token);
            var content = await response.Content.ReadAsByteArrayAsync(either.Token);
            var status = (int)response.StatusCode;
            return new(status, content, time.GetElapsedTime(start), false, response.IsSuccessStatusCode ? null : $"status {status}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, [], time.GetElapsedTime(start), true, $"no answer within {options.Value.RequestTimeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException exception)
        {
            return new(null, [], time.GetElapsedTime(start), false, exception.Message);
        }
    }

    private sealed record Exchange(int? Status, byte[] Body, TimeSpan Latency, bool TimedOut, string? Error);
}
