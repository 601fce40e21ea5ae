using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>Asks a replica what its model takes and gives: <c>GET /v2/models/{model}</c>.</summary>
internal sealed class ModelMetadataReader(IHttpClientFactory clients, TimeProvider time, IOptions<InferenceOptions> options)
{
    public const string HttpClient = "validator-model-metadata";
    private const string Protocol = ProtocolNames.OpenInferenceV2;

    /// <returns>The metadata; or null, and why there are none.</returns>
    public async Task<(ModelMetadata? Metadata, string? Why)> ReadAsync(Side side, CancellationToken cancellationToken)
    {
        if (side.Protocol.Name != Protocol) return (null, $"'{side.Protocol.Name}' has no model metadata");
        if (side.Targets.Count == 0) return (null, "there are no replicas");
        var target = side.Targets[0];
        using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClient);
            var body = await client.GetByteArrayAsync(new Uri(target.Address, $"v2/models/{Uri.EscapeDataString(target.Model)}"), either.Token);
            return ModelMetadata.Read(body) is { } metadata ? (metadata, null) : (null, "its metadata name no inputs or no outputs");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "it did not answer in time");
        }
        catch (HttpRequestException failure)
        {
            return (null, failure.Message);
        }
    }
}
