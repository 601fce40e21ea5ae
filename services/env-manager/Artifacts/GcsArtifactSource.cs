using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// <c>gs://bucket/object</c> in Google Cloud Storage, by its XML API, which takes an access token or Signature Version 4 with an HMAC key.
/// Source: Google, "XML API: GET Object" and "Fully migrate from Amazon S3".
/// </summary>
internal sealed class GcsArtifactSource(IHttpClientFactory clients, IOptions<GcsOptions> options, GcsTokens tokens, TimeProvider time) : IArtifactSource
{
    /// <summary>The region that HMAC signatures are made for.</summary>
    private const string Region = "auto";

    public IReadOnlyList<string> Schemes { get; } = ["gs"];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken)
    {
        if (AddressOf(uri) is not { } address)
            return Task.FromResult(ArtifactStream.Refused($"'{uri}' names no object: write gs://bucket/object."));
        return HttpDownload.TryAsync(address, async () =>
        {
            var token = await tokens.GetAsync(cancellationToken);
            var client = clients.CreateClient(HttpArtifactSource.ClientName);
            var response = await HttpDownload.SendAsync(client, address, position, request => Prove(request, token), cancellationToken);
            return await HttpDownload.ReadAsync(address, response, cancellationToken);
        }, cancellationToken);
    }

    private void Prove(HttpRequestMessage request, string? token)
    {
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (options.Value is { AccessKey: { Length: > 0 } key, SecretKey: { } secret })
            S3Signature.Sign(request, new S3Options { AccessKey = key, SecretKey = secret, Region = Region }, time.GetUtcNow());
    }

    private Uri? AddressOf(Uri uri)
    {
        // Buckets with a dot or an underscore are no host names to everybody, so what was written is what counts.
        var steps = uri.OriginalString["gs://".Length..].Split('#')[0].Split('/', 2);
        if (steps is not [{ Length: > 0 } bucket, { Length: > 0 } name]) return null;
        var parts = Uri.UnescapeDataString(name).Split('/');
        if (parts.Any(step => step is "." or "..") || !bucket.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.'))
            return null;
        return new Uri($"{options.Value.Endpoint.AbsoluteUri.TrimEnd('/')}/{bucket}/{string.Join('/', parts.Select(Uri.EscapeDataString))}");
    }
}
