namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Artifacts on a web server or object store. Every address on the way, redirects included, must be on the allow-list.</summary>
internal sealed class HttpArtifactSource(IHttpClientFactory clients, ArtifactOrigins origins) : IArtifactSource
{
    /// <summary>Name of the HTTP client; it must not follow redirects by itself.</summary>
    public const string ClientName = "env-manager-artifacts";

    private const int RedirectLimit = 5;

    public IReadOnlyList<string> Schemes { get; } = [Uri.UriSchemeHttp, Uri.UriSchemeHttps];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken) =>
        HttpDownload.TryAsync(uri, () => FollowAsync(uri, position, cancellationToken), cancellationToken);

    private async Task<ArtifactStream> FollowAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(ClientName);
        for (var hop = 0; hop <= RedirectLimit; hop++)
        {
            if (!Schemes.Contains(uri.Scheme) || !origins.Allows(uri)) return NotAllowed(uri);
            var response = await HttpDownload.SendAsync(client, uri, position, prepare: null, cancellationToken);
            if (NextHop(uri, response) is not { } next) return await HttpDownload.ReadAsync(uri, response, cancellationToken);
            response.Dispose();
            uri = next;
        }

        return ArtifactStream.Refused($"The artifact's address redirects more than {RedirectLimit} times.");
    }

    private static ArtifactStream NotAllowed(Uri uri) => ArtifactStream.Refused(
        $"Artifacts may not be fetched from {uri.GetLeftPart(UriPartial.Authority)}: it is not in {EnvManagerOptions.Section}:ArtifactOrigins.");

    private static Uri? NextHop(Uri uri, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            ? new Uri(uri, location)
            : null;
}
