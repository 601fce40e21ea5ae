using BlueGreen.Platform.Inference.Http;

namespace BlueGreen.Platform.Inference.OpenInference;

/// <summary>
/// Open Inference Protocol v2 over HTTP (github.com/open-inference/open-inference-protocol), as spoken by Triton, MLServer, KServe and
/// OpenVINO. Health is judged by status alone: bodies differ between servers or are empty. The version is left out of the URLs: an
/// environment serves one version, and servers number theirs in their own way.
/// </summary>
internal sealed class OpenInferenceV2(ReplicaHttp http) : IInferenceProtocol
{
    private readonly TargetAddresses _addresses = new(target => new Uri(target.Address, $"{ModelPath(target)}/infer"));

    public string Name => ProtocolNames.OpenInferenceV2;

    public async Task<ReplicaReadiness> ProbeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        foreach (var (path, meaning) in new[]
        {
            ("v2/health/live", "live"), ("v2/health/ready", "ready"), ($"{ModelPath(target)}/ready", $"ready for model {target.Model}"),
        })
        {
            var exchange = await http.GetAsync(new Uri(target.Address, path), cancellationToken);
            if (exchange.Error is { } error) return new(false, $"not {meaning}: {error} from /{path}");
        }

        return new(true, null);
    }

    public async Task<InferenceReply> InferAsync(
        InferenceTarget target, InferencePayload payload, CancellationToken cancellationToken)
    {
        var exchange = await http.PostAsync(_addresses.Of(target), payload, cancellationToken);
        var predictions = exchange.Error is null ? OpenInferenceAnswer.Read(exchange.Body) : null;
        return exchange.ToReply(predictions, payload.Rows, "the body is not an inference response");
    }

    public async Task<InferencePayload?> SynthesizeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var exchange = await http.GetAsync(new Uri(target.Address, ModelPath(target)), cancellationToken);
        return exchange.Error is null ? OpenInferenceSynthesis.FromMetadata(exchange.Body) : null;
    }

    public async Task<ModelDeclaration> DescribeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var exchange = await http.GetAsync(new Uri(target.Address, ModelPath(target)), cancellationToken);
        return exchange.Error is { } error ? new(null, $"{error} from /{ModelPath(target)}") : new(exchange.Body, null);
    }

    public PayloadReading ReadPayload(ReadOnlyMemory<byte> json) => OpenInferenceRequest.Read(json);

    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads) => OpenInferenceRequest.Concatenate(payloads);

    private static string ModelPath(InferenceTarget target) => $"v2/models/{Uri.EscapeDataString(target.Model)}";
}
