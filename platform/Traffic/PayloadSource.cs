using System.Text;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Platform.Traffic;

/// <summary>Where the platform's own requests come from: a file of the policy, captured live requests, or the model's metadata.</summary>
public sealed class PayloadSource(IBlobs blobs, ICapturedTraffic captures)
{
    /// <summary>Captured requests asked for at a time.</summary>
    private const int MostCaptured = 5000;

    /// <param name="file">The policy's file; null: none.</param>
    /// <param name="protocol">Who can read a line of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<PayloadFileReading> FromFileAsync(BlobReference file, IInferenceProtocol protocol, CancellationToken cancellationToken) =>
        PayloadFile.Read(await blobs.GetAsync(file, cancellationToken), file.Name, protocol);

    /// <summary>What of the captured requests the protocol can read; an error when that is nothing.</summary>
    /// <param name="endpoint">Whose requests.</param>
    /// <param name="protocol">Who can read them.</param>
    /// <param name="readBy">The service that asks, for the history.</param>
    /// <param name="purpose">What for, for the history.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<PayloadFileReading> CapturedAsync(
        string endpoint, IInferenceProtocol protocol, string readBy, string purpose, CancellationToken cancellationToken)
    {
        var found = await captures.ReadAsync(endpoint, MostCaptured, readBy, purpose, cancellationToken);
        var payloads = found.Select(request => protocol.ReadPayload(Line(request)).Payload).OfType<InferencePayload>().ToArray();
        return payloads.Length > 0
            ? new(payloads, null)
            : new([], found.Count == 0 ? "no live requests are captured yet" : $"none of {found.Count} captured requests is one of {protocol.Name}");
    }

    /// <summary>A payload file has text as a JSON string.</summary>
    private static byte[] Line(CapturedRequest request) => request.MediaType == "text/csv"
        ? JsonSerializer.SerializeToUtf8Bytes(request.Body)
        : Encoding.UTF8.GetBytes(request.Body);
}
