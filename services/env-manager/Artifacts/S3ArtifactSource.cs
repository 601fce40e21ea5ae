using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// <c>s3://bucket/key</c> in the one store that is configured. Addresses are in path style, which all S3-compatible stores understand, but
/// for AWS itself, which wants the bucket in the host's name.
/// </summary>
internal sealed class S3ArtifactSource(IHttpClientFactory clients, IOptions<S3Options> options, TimeProvider time) : IArtifactSource
{
    public IReadOnlyList<string> Schemes { get; } = ["s3"];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken)
    {
        if (AddressOf(uri) is not { } address)
            return Task.FromResult(ArtifactStream.Refused($"'{uri}' names no object: write s3://bucket/key."));
        return HttpDownload.TryAsync(address, async () =>
        {
            var client = clients.CreateClient(HttpArtifactSource.ClientName);
            var response = await HttpDownload.SendAsync(client, address, position, Sign, cancellationToken);
            return await HttpDownload.ReadAsync(address, response, cancellationToken);
        }, cancellationToken);
    }

    private void Sign(HttpRequestMessage request)
    {
        if (options.Value.AccessKey is { Length: > 0 }) S3Signature.Sign(request, options.Value, time.GetUtcNow());
    }

    private Uri? AddressOf(Uri uri)
    {
        var (bucket, key) = (uri.Host, Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')));
        if (bucket.Length == 0 || key.Length == 0 || key.Split('/').Any(step => step is "." or "..")) return null;
        // Each step is encoded as the signature wants it, and the slashes between them stay.
        var path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        return options.Value.Endpoint is { } endpoint
            ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{bucket}/{path}")
            : new Uri($"https://{bucket}.s3.{options.Value.Region}.amazonaws.com/{path}");
    }
}
