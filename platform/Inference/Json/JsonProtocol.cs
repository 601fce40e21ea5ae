using System.Text;
using BlueGreen.Platform.Inference.Answers;
using BlueGreen.Platform.Inference.Http;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>Speaks one dialect of JSON over HTTP.</summary>
internal sealed class JsonProtocol(JsonDialect dialect, ReplicaHttp http) : IInferenceProtocol
{
    private readonly TargetAddresses _addresses = new(target => new Uri(target.Address, Fill(dialect.Path, target)));

    public string Name => dialect.Name;

    public async Task<ReplicaReadiness> ProbeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        foreach (var check in dialect.Ready)
        {
            var path = Fill(check.Path, target);
            var exchange = await http.GetAsync(new Uri(target.Address, path), cancellationToken);
            if (exchange.Error is { } error) return new(false, $"not {check.Meaning}: {error} from /{path}");
            if (check.Agrees is null) continue;
            using var body = LenientJson.Parse(exchange.Body);
            if (!check.Agrees(body?.RootElement)) return new(false, $"not {check.Meaning}, says the answer from /{path}");
        }

        return new(true, null);
    }

    public async Task<InferenceReply> InferAsync(
        InferenceTarget target, InferencePayload payload, CancellationToken cancellationToken)
    {
        var exchange = await http.PostAsync(_addresses.Of(target), payload, cancellationToken);
        var predictions = exchange.Error is null ? Read(exchange) : null;
        return exchange.ToReply(predictions, payload.Rows, $"the body is not an answer of {Name}");
    }

    public async Task<InferencePayload?> SynthesizeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        if (dialect is not { MetadataPath: { } path, Synthesize: { } synthesize }) return null;
        var exchange = await http.GetAsync(new Uri(target.Address, Fill(path, target)), cancellationToken);
        if (exchange.Error is not null) return null;
        using var metadata = LenientJson.Parse(exchange.Body);
        return metadata is not null && synthesize(metadata.RootElement) is { } request
            ? ReadPayload(Encoding.UTF8.GetBytes(request)).Payload
            : null;
    }

    public async Task<ModelDeclaration> DescribeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        if (dialect is not { MetadataPath: { } path, Declare: { } declare }) return new(null, $"'{Name}' has no model metadata", IsOffered: false);
        var exchange = await http.GetAsync(new Uri(target.Address, Fill(path, target)), cancellationToken);
        if (exchange.Error is { } error) return new(null, $"{error} from /{Fill(path, target)}");
        using var metadata = LenientJson.Parse(exchange.Body);
        return metadata is not null && declare(metadata.RootElement) is { } declared ? new(declared, null) : new(null, "its metadata name no inputs or no outputs");
    }

    public PayloadReading ReadPayload(ReadOnlyMemory<byte> json) => dialect.Requests.Read(json);

    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads) =>
        payloads.Count == 1 ? payloads[0] : dialect.Requests.Concatenate(payloads);

    private Predictions? Read(Exchange exchange) => AnswerReader.Read(dialect, exchange.Body, exchange.MediaType);

    private static string Fill(string path, InferenceTarget target) =>
        path.TrimStart('/').Replace("{model}", Uri.EscapeDataString(target.Model), StringComparison.Ordinal);
}
